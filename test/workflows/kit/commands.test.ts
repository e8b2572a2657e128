// What an incident costs in history: one activity a step, and little else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  aFoundStart,
  alertEnds,
  aStart,
  anAlert,
  done,
  finding,
  minutes,
  planned,
  refused,
  type Rehearsing,
  stepOf,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const kinds = ['scheduleActivity', 'startTimer', 'cancelTimer', 'upsertWorkflowSearchAttributes'] as const;
const count = ({ tasks }: Rehearsal, kind: (typeof kinds)[number]) =>
  tasks.flat().filter(command => command[kind] != null).length;

/** As it is started on an installation that knows our search attributes: the alert comes with the start. */
const opened: Rehearsing = {
  args: [aFoundStart()],
  messages: [{ after: 0, signal: 'alert', args: [anAlert()] }, alertEnds(10)],
};

test('the whole Immediate Response is scheduled in the first workflow task, and nothing comes before the circuit breaker', async () => {
  const { tasks } = await trialOutage(opened);
  const [first = []] = tasks;
  assert.equal(first[0]?.scheduleActivity?.activityType, 'setFallback');
  const scheduled = first.flatMap(({ scheduleActivity }) => scheduleActivity?.activityType ?? []);
  assert.deepEqual(scheduled.toSorted(), ['declareIncident', 'page', 'setFallback', 'setStatusPage']);
});

test('an undisturbed step is one activity and nothing else', async () => {
  const rehearsed = await trialOutage(opened);
  const approvals = rehearsed.report.questions.filter(({ answer }) => answer?.choice === 'approve').length;
  assert.equal(
    count(rehearsed, 'scheduleActivity'),
    rehearsed.report.steps.length + approvals + 1,
    'the one more keeps the report',
  );
  const oneLess = await trialOutage({ ...opened, world: { 'Activate Circuit Breaker: measured': finding('faulty') } });
  assert.equal(stepOf(oneLess.report, 'Update Status Page: measured'), undefined);
  assert.equal(count(rehearsed, 'scheduleActivity') - count(oneLess, 'scheduleActivity'), 1);
  for (const kind of ['startTimer', 'cancelTimer', 'upsertWorkflowSearchAttributes'] as const)
    assert.equal(count(rehearsed, kind), count(oneLess, kind), kind);
});

const incidents: Record<string, Rehearsing> = {
  undisturbed: {},
  'with stuck and held actions': {
    world: { 'Activate Circuit Breaker': [refused('x', true), planned('held'), done()] },
    people: { ...usual, 'Activate Circuit Breaker': ['retry', 'release'] },
  },
  'with a relapse': {
    world: { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] },
    people: {
      'What is the cause?': ['Dynex Platform Issue', 'Dynex Platform Issue'],
      'Gradual Rollback: 100%': ['approve', 'approve'],
    },
  },
  'that only observes': { world: { setFallback: planned('observe'), setStatusPage: planned('observe') } },
};

for (const [what, incident] of Object.entries(incidents))
  test(`an incident ${what} sets at most three timers and attributes a phase, and four a question`, async () => {
    const rehearsed = await trialOutage({ ...opened, ...incident });
    const { phases, questions } = rehearsed.report;
    const others = count(rehearsed, 'startTimer') + count(rehearsed, 'upsertWorkflowSearchAttributes');
    assert.equal(rehearsed.closed, true);
    assert.equal(
      others <= 3 * phases.length + 4 * questions.length,
      true,
      `${others} for ${phases.length} and ${questions.length}`,
    );
  });

test('a whole outage stays within its count of commands and workflow tasks', async () => {
  const rehearsed = await trialOutage(opened);
  const most = { scheduleActivity: 27, startTimer: 8, cancelTimer: 7, upsertWorkflowSearchAttributes: 11 };
  for (const kind of kinds) assert.equal(count(rehearsed, kind) <= most[kind], true, `${kind}: ${count(rehearsed, kind)}`);
  assert.equal(rehearsed.tasks.length <= 22, true, `${rehearsed.tasks.length} tasks`);
});

test('where the namespace does not know our attributes, none is set', async () => {
  assert.equal(count(await trialOutage({ ...opened, args: [aStart()] }), 'upsertWorkflowSearchAttributes'), 0);
});

test('those that the namespace lacks are left out, and the others are set', async () => {
  const attributes = ['RunbookState', 'RunbookWaitingFor', 'Elsewhere'];
  const { tasks } = await trialOutage({ ...opened, args: [{ ...aStart(), attributes }] });
  assert.deepEqual([...new Set(fields(tasks).flatMap(Object.keys))].toSorted(), ['RunbookState', 'RunbookWaitingFor']);
});

for (const rollOver of [false, true])
  test(`attributes are set at most once a workflow task, and the last says who is waited for${rollOver ? ', over roll-overs' : ''}`, async () => {
    const { tasks } = await trialOutage({ ...opened, rollOver, ...incidents['with a relapse'], atMost: minutes(60) });
    for (const task of tasks) assert.equal(fields([task]).length <= 1, true);
    const waiting = fields(tasks).flatMap(set =>
      textOf(Object.entries(set).find(([name]) => name === 'RunbookWaitingFor')?.[1].data),
    );
    assert.equal(waiting.includes('["commander"]'), true, waiting.join(' '));
  });

test('a person and an action that change something in one workflow task set the attributes once', async () => {
  const severity = { after: 1000, signal: 'severity', args: [{ severity: 'P0', by: 'ann', reason: 'no customer can work' }] };
  const { tasks } = await trialOutage({ ...opened, messages: [...(opened.messages ?? []), severity], atMost: 2000 });
  const set = tasks.map(task => fields([task]).map(one => Object.keys(one).toSorted()));
  assert.deepEqual(set.slice(0, 2), [
    [['RunbookSeverity', 'RunbookState', 'RunbookWaitingFor']],
    [['RunbookSeverity', 'RunbookState']],
  ]);
});

const fields = (tasks: Rehearsal['tasks']) =>
  tasks.flat().flatMap(({ upsertWorkflowSearchAttributes: upsert }) => upsert?.searchAttributes?.indexedFields ?? []);
const textOf = (data: Uint8Array | null | undefined) => new TextDecoder().decode(data ?? undefined);
