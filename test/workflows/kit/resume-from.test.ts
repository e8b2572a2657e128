// An incident that begins like an earlier one takes over what stands before a step, and does everything from there on itself.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Likeness, Report } from '../../../workflows/contract/index.ts';
import { takenFrom, longestLikeness } from '../../../workflows/kit/record/resume-from.ts';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  aReceipt,
  aStart,
  anAlert,
  done,
  effects,
  finding,
  minutes,
  planned,
  questionOf,
  refused,
  type Rehearsing,
  stepOf,
  usual,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const byAPerson = anAlert({ name: 'OpenedByHand', source: 'person', fingerprint: 'by-hand' });

/** Throws what it is refused with. */
function alike({ report }: Rehearsal, from?: string): Likeness {
  const found = takenFrom(report, from);
  if ('refused' in found) throw new Error(found.refused);
  return found.like;
}

const begunLike = (like: Likeness, more: Rehearsing = {}) =>
  trialOutage({ args: [{ ...aStart(byAPerson), like }], messages: [], ...more });

const idOf = ({ report }: Rehearsal) => report.steps.at(-1)?.key.split('/')[0] ?? '';
const callsOf = ({ ran }: Rehearsal) =>
  ran.flatMap(({ type, args }) => (args[1] ? [{ type, key: String(Reflect.get(Object(args[1]), 'key')) }] : []));
const recorded = ({ steps }: Report, until: string) =>
  steps
    .slice(
      0,
      steps.findIndex(({ title }) => title === until),
    )
    .filter(({ phase }) => phase !== 'Questions' && phase !== 'Paging');
const withoutKey = (steps: Report['steps']) => steps.map(({ key, ...step }) => ({ ...step, path: key.slice(key.indexOf('/')) }));

describe('an incident that begins like an earlier one', () => {
  const from = 'Gradual Rollback: canary';

  test('does nothing again that stands before the step, and everything from it on', async () => {
    const earlier = await trialOutage();
    const later = await begunLike(alike(earlier, from));
    assert.equal(later.report.outcome, 'recovered');
    const first = later.ran.findIndex(({ title }) => title === from);
    assert.deepEqual(
      later.ran.slice(0, first).map(({ title }) => title),
      [],
    );
    const inTheEarlier = earlier.ran.map(({ title }) => title).filter(title => !title.startsWith('Page '));
    assert.deepEqual(new Set(later.ran.map(({ title }) => title)), new Set(inTheEarlier.slice(inTheEarlier.indexOf(from))));
  });

  test('has what was found, answered and done as it was recorded, under keys of its own', async () => {
    const earlier = await trialOutage();
    const later = await begunLike(alike(earlier, from));
    assert.deepEqual(withoutKey(recorded(later.report, from)), withoutKey(recorded(earlier.report, from)));
    assert.deepEqual(later.report.like, { incident: earlier.report.incident, from });
    assert.deepEqual(
      later.report.questions.map(({ title, answer }) => [title, answer?.at === questionOf(earlier.report, title)?.answer?.at]),
      [
        ['What is the cause?', true],
        ['Gradual Rollback: 100%', false],
      ],
    );
    assert.ok(later.report.steps.every(({ key }) => key.startsWith(`${idOf(later)}/`)));
    assert.notEqual(idOf(later), idOf(earlier));
    const keys = new Set(callsOf(earlier).map(({ key }) => key));
    assert.deepEqual(
      callsOf(later).filter(({ key }) => keys.has(key)),
      [],
    );
    assert.ok(callsOf(later).some(({ key }) => key === `${idOf(later)}/Recovery/Gradual Rollback: 100%25/1`));
  });

  test('is the same when it rolls over at every quiet moment', async () => {
    const like = alike(await trialOutage(), 'Check Credentials');
    const [once, rolled] = [await begunLike(like), await begunLike(like, { rollOver: true })];
    assert.ok(rolled.runs > 1);
    const told = ({ report, ran }: Rehearsal) => [
      report.outcome,
      withoutKey(report.steps).map(({ path, state }) => [path, state]),
      ran.length,
    ];
    assert.deepEqual(told(rolled), told(once));
  });

  test('looks again at what stood beside the step, and asks again for what was asked after it', async () => {
    const like = alike(await trialOutage(), 'Test Connectivity');
    const later = await begunLike(like, { world: { probeDynex: finding('healthy') }, people: {}, atMost: minutes(30) });
    assert.equal(stepOf(later.report, 'Test Connectivity')?.state, 'healthy');
    assert.equal(
      stepOf(later.report, 'Check Dynex Status Page')?.ended,
      like.steps.find(({ title }) => title === 'Check Dynex Status Page')?.ended,
    );
    assert.equal(questionOf(later.report, 'What is the cause?')?.answer, undefined);
    assert.equal(effects(later, 'dynexStatus').length, 0);
  });

  test('takes back what the earlier one changed, by the key with which it was changed', async () => {
    const takeBack = {
      action: 'setFallback',
      key: 'of-the-earlier/1',
      target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
      words: 'a change',
    } as const;
    const earlier = await trialOutage({ world: { 'Activate Circuit Breaker': done(aReceipt({ takeBack })) } });
    const later = await begunLike(alike(earlier, from), {
      messages: [{ after: 500, signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }] }],
      people: { 'Undo or leave?': 'undo' },
    });
    const [back, ...more] = effects(later, 'takeBack');
    assert.deepEqual([back?.args[0], more], [{ takeBack }, []]);
    assert.match(String(Reflect.get(Object(back?.args[1]), 'key')), new RegExp(`^${idOf(later)}/Undo%3A%20`));
  });

  test('calls the next one when nobody acknowledges, though who the runbook pages was paged before', async () => {
    const later = await begunLike(alike(await trialOutage(), from), { people: {}, atMost: minutes(20) });
    const paged = effects(later, 'page').map(({ title }) => title);
    assert.ok(paged.includes('Page secondary: not acknowledged'), paged.join('\n'));
  });
});

describe('without a step it begins at the first that did not succeed', () => {
  test('which may be stuck, and then skipped', async () => {
    const stuck = await trialOutage({
      world: { 'Activate Circuit Breaker': refused('exceeded quota', true) },
      people: { ...usual, 'Activate Circuit Breaker': 'skip' },
    });
    const later = await begunLike(alike(stuck));
    assert.equal(later.report.like?.from, 'Activate Circuit Breaker');
    assert.equal(stepOf(later.report, 'Activate Circuit Breaker')?.state, 'done');
    assert.equal(effects(later, 'declareIncident').length, 0);
  });

  test('or only planned, where it was observed', async () => {
    const observed = await trialOutage({ world: { setFallback: planned('observe'), setStatusPage: planned('observe') } });
    assert.equal(alike(observed).from, 'Update Status Page');
  });

  test('and names what has no outcome before a step that is named', async () => {
    const { report } = await trialOutage({
      world: { 'Activate Circuit Breaker': refused('exceeded quota', true) },
      messages: [],
      atMost: minutes(20),
    });
    const found = takenFrom(report, 'Test Connectivity');
    assert.deepEqual('again' in found && found.again, ['Activate Circuit Breaker']);
  });
});

describe('what cannot be taken over is refused, with what to do', () => {
  const refusal = (report: Report, from?: string) => {
    const found = takenFrom(report, from);
    return 'refused' in found ? [found.refused, ...found.steps].join('\n') : '';
  };

  test('a step that the record lacks, with those that it has', async () => {
    const { report } = await trialOutage();
    const said = refusal(report, 'Wake the mayor');
    assert.match(said, /^dynex-outage-20261124-k7fp has no step “Wake the mayor”\. Its steps are:\nDeclare Incident\n/);
    assert.match(said, /\nGradual Rollback: 100%\n/);
    assert.doesNotMatch(said, /Paging|Ask commander|Recovery criteria|Announce the resolution/);
  });

  test('a record in which every step succeeded, unless a step is named', async () => {
    const { report } = await trialOutage();
    assert.match(refusal(report), /Every step of .* succeeded: name the step to begin with \(--from\)\. Its steps are:/);
    assert.equal(refusal(report, 'Declare Incident'), '');
  });

  test('more than Temporal takes, with how much it is', async () => {
    const { report } = await trialOutage();
    const facts = { log: 'x'.repeat(longestLikeness) };
    const steps = report.steps.map(step => (step.title === 'Check Credentials' ? { ...step, facts } : step));
    assert.match(
      refusal({ ...report, steps }, from),
      /has \d+ KiB, and at most 256 can be taken over\. Name an earlier step with --from:\nDeclare Incident\n/,
    );
    assert.equal(refusal({ ...report, steps }, 'Check Credentials'), '');
  });

  const from = 'Gradual Rollback: canary';
});
