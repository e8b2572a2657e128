// What an incident costs in history: one activity a step, and little else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { alertEnds, anAlert, done, finding, planned, refused, type Rehearsing, stepOf, usual } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const kinds = ['scheduleActivity', 'startTimer', 'cancelTimer', 'upsertWorkflowSearchAttributes'] as const;
const count = ({ tasks }: Rehearsal, kind: (typeof kinds)[number]) =>
  tasks.flat().filter(command => command[kind] != null).length;

/** As it is started on an installation that knows our search attributes: the alert comes with the start. */
const opened: Rehearsing = {
  keywords: { NqbaState: 'triggered' },
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
  const most = { scheduleActivity: 26, startTimer: 7, cancelTimer: 6, upsertWorkflowSearchAttributes: 11 };
  for (const kind of kinds) assert.equal(count(rehearsed, kind) <= most[kind], true, `${kind}: ${count(rehearsed, kind)}`);
  assert.equal(rehearsed.tasks.length <= 21, true, `${rehearsed.tasks.length} tasks`);
});

test('where the namespace does not know our attributes, none is set', async () => {
  assert.equal(count(await trialOutage({ ...opened, keywords: {} }), 'upsertWorkflowSearchAttributes'), 0);
});

test('a wish of 4 KiB never makes an attribute that the server would refuse', async () => {
  const cancel = { after: 5000, signal: 'cancel', args: [{ by: 'a'.repeat(100), reason: '€'.repeat(1000) }] };
  const { report, tasks } = await trialOutage({
    ...opened,
    messages: [...(opened.messages ?? []), cancel, { after: 9000, signal: 'alert', args: [anAlert({ status: 'resolved' })] }],
    people: { 'Undo or leave?': 'leave' },
  });
  assert.match(report.outcome ?? '', /^cancelled by aaa/);
  const sizes = tasks
    .flat()
    .flatMap(({ upsertWorkflowSearchAttributes: upsert }) =>
      Object.values(upsert?.searchAttributes?.indexedFields ?? {}).map(({ data }) => data?.length ?? 0),
    );
  assert.equal(Math.max(...sizes) <= 255, true, `${Math.max(...sizes)} bytes`);
});
