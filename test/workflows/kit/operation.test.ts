// Operations have the words, the record and the way back of an incident; no alert, no page, no recovery, and an end of their own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readValues } from '../../../workflows/catalog/index.ts';
import { readOperationStart } from '../../../workflows/kit/incident/start.ts';
import {
  aReceipt,
  aStart,
  done,
  effects,
  inputsOf,
  minutes,
  planned,
  questionOf,
  type Rehearsing,
  stepOf,
} from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const { platform } = aStart();
const workflowId = 'operation:trial-operation-2026-11-24T02:59:00Z';
const raised = done(aReceipt({ note: 'raised' }));
const usual: Rehearsing = {
  workflowId,
  args: [{ version: 1, input: {}, platform }],
  messages: [],
  world: { raiseFloor: raised },
  people: { 'Tell the vendor': 'done', 'Anything else?': 'no' },
};
const operated = (change: Rehearsing = {}) => trial('tidying', { ...usual, ...change });

describe('an operation', () => {
  test('runs its body, closes when that has returned, and pages no one', async () => {
    const rehearsed = await operated();
    const { report, closed } = rehearsed;
    assert.deepEqual([closed, report.state, report.outcome, report.kind], [true, 'closed', 'done', 'operation']);
    assert.deepEqual([report.severity, report.alerts, report.times.paged], ['P3', [], undefined]);
    assert.deepEqual(report.incident, 'trial-operation-2026-11-24T02:59:00Z');
    assert.equal(report.summary, 'Scheduled for 2026-11-24 02:59 UTC');
    for (const type of ['page', 'recovered', 'resolveIncident']) assert.deepEqual(effects(rehearsed, type), [], type);
  });

  test('gets its values, usual ones where none were given, and the time of its schedule', async () => {
    const rehearsed = await operated();
    assert.equal(stepOf(rehearsed.report, 'Check Jobs: 2026-11-24T02:59:00.000Z')?.state, 'healthy');
    assert.deepEqual(inputsOf(rehearsed, 'raiseFloor'), [{ workload: 'worker', atLeast: 4 }]);
    const args = [{ input: { replicas: 7, solver: 'classical' } }];
    const other = await operated({ args, workflowId: 'operation:by-hand' });
    assert.deepEqual(inputsOf(other, 'raiseFloor'), [{ workload: 'worker', atLeast: 7 }]);
    assert.deepEqual(inputsOf(other, 'jobs'), [{ solver: 'classical' }]);
    assert.equal(other.report.summary, 'Started in Temporal');
  });

  test('ends with one message that has its follow-ups: a page, a task without an answer, and what is not waited for', async () => {
    const rehearsed = await operated({ people: {} });
    const [said, ...more] = inputsOf<{ text: string; lines: string[] }>(rehearsed, 'remark');
    assert.deepEqual([said?.text, more], ['Trial Operation: done.', []]);
    assert.deepEqual(
      rehearsed.report.followUps.map(({ title }) => title),
      ['Tell the vendor', 'Notify Team', 'Update Documentation'],
    );
    for (const { title } of rehearsed.report.followUps)
      assert.ok(
        said?.lines.some(line => line.includes(title)),
        title,
      );
  });

  test('names the changes that stand when it ends, and leaves them', async () => {
    const standing = { verdict: 'faulty', evidence: 'It stands.', facts: { standing: ['k'] } };
    const rehearsed = await operated({ world: { raiseFloor: raised, standing } });
    assert.deepEqual(rehearsed.report.standing, ['Raise the floor: ConfigMap nqba-platform/nqba-config']);
    assert.deepEqual(effects(rehearsed, 'takeBack'), []);
    const [said] = inputsOf<{ lines: string[] }>(rehearsed, 'remark');
    assert.ok(said?.lines.includes('Still standing: Raise the floor: ConfigMap nqba-platform/nqba-config'));
  });

  test('does each thing once, however often it rolls over', async () => {
    const { report, ran, runs } = await operated({ rollOver: true });
    const once = await operated();
    assert.ok(runs > 1);
    assert.deepEqual(
      report.steps.map(({ title, state }) => [title, state]),
      once.report.steps.map(({ title, state }) => [title, state]),
    );
    assert.deepEqual(ran.map(({ type }) => type).toSorted(), once.ran.map(({ type }) => type).toSorted());
  });

  test('waits for what a phase left to people when its time was up', async () => {
    const asks = ({ args: [, call] }: { args: unknown[] }) => (Object(call).approved ? raised : planned('approval'));
    const left = (people: Rehearsing['people']) =>
      trial('leavingBehind', { ...usual, world: { raiseFloor: asks }, people: people ?? {}, atMost: minutes(600) });
    const open = await left({});
    assert.deepEqual([open.closed, open.report.phases[0]?.overdue !== undefined], [false, true]);
    assert.equal((await left({ 'Raise the floor': 'approve' })).report.outcome, 'done');
  });

  test('that only observed says so', async () => {
    assert.equal((await operated({ world: { raiseFloor: planned('observe') } })).report.outcome, 'observed');
  });

  test('that is cancelled asks what becomes of its changes', async () => {
    const cancelling: Rehearsing = {
      messages: [{ after: minutes(30), signal: 'cancel', args: [{ by: 'bob' }] }],
      people: { 'Tell the vendor': 'done', 'Undo or leave?': 'undo' },
    };
    const rehearsed = await operated(cancelling);
    assert.equal(rehearsed.report.outcome, 'cancelled by bob: undo');
    assert.equal(effects(rehearsed, 'takeBack').length, 1);
  });

  test('whose body throws is handed over, and finished by hand', async () => {
    const rehearsed = await trial('failing', { ...usual, people: { 'Runbook error': 'finish by hand' } });
    assert.equal(questionOf(rehearsed.report, 'Runbook error')?.answer?.choice, 'finish by hand');
    assert.equal(rehearsed.report.outcome, 'finished by hand');
  });
});

const table = {
  replicas: { type: 'number', whole: true, least: 2, most: 10, usual: 4, help: 'fewest replicas' },
  solver: { type: 'choice', choices: ['dynex', 'classical'], help: 'whose jobs' },
  secret: { type: 'text', longest: 20, needed: true, help: 'the name of a Secret' },
} as const;

const inputs: [string, unknown, RegExp][] = [
  ['a list', [], /^the input is an object of replicas, solver, secret$/],
  [
    'a field that there is not',
    { secret: 's', replica: 4 },
    /^there is no field "replica": the fields are replicas, solver, secret$/,
  ],
  ['a name of every object', { secret: 's', constructor: 4 }, /^there is no field "constructor"/],
  ['too much', { secret: 's', replicas: 11 }, /^replicas is a whole number from 2 to 10, not 11$/],
  ['too little', { secret: 's', replicas: 1 }, /not 1$/],
  ['a part', { secret: 's', replicas: 2.5 }, /not 2\.5$/],
  ['a text', { secret: 's', replicas: '4' }, /not "4"$/],
  ['another choice', { secret: 's', solver: 'abacus' }, /^solver is one of dynex, classical, not "abacus"$/],
  ['what is needed and absent', {}, /^secret is missing: a text of at most 20 characters$/],
  ['a text without end', { secret: 'x'.repeat(21) }, /^secret is a text of at most 20 characters, not "x+"$/],
];

describe('the input of an operation', () => {
  for (const [what, given, because] of inputs)
    test(`refuses ${what}, by hand in the Temporal UI as on the command line`, () => {
      const values = readValues(table, given);
      assert.match('malformed' in values ? values.malformed : '', because);
      if (Array.isArray(given)) return;
      assert.deepEqual(readOperationStart([{ version: 1, input: given, platform }], table), values);
    });

  test('has its usual values where they are absent', () => {
    assert.deepEqual(readValues(table, { secret: 's' }), { ok: { replicas: 4, secret: 's' } });
  });

  test('is refused where it is missing, and with a platform that is none', () => {
    const because = (start: unknown) => {
      const read = readOperationStart([start], table);
      return 'malformed' in read ? read.malformed : '';
    };
    assert.match(because({}), /^the input is missing: \{"input":\{\}\}/);
    assert.match(because({ version: 2, input: {} }), /^the version is 1/);
    assert.match(because({ input: { secret: 's' }, platform: {} }), /^the pace of the platform/);
  });
});
