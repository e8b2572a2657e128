// The written operations: what they find, what they ask, and what they leave to people.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fieldsOf } from '../../../workflows/catalog/operations.ts';
import { runbooks, schedules } from '../../../workflows/catalog/index.ts';
import { workersFor } from '../../../workflows/runbooks/quantum-workload-scaling/workers.ts';
import {
  aReceipt,
  aStart,
  done,
  effects,
  finding,
  inputsOf,
  minutes,
  planned,
  questionOf,
  rehearsal,
  type Rehearsing,
} from '../../support/rehearsing.ts';

const { platform } = aStart();
const healthy = finding('healthy');
const checks: Record<string, unknown> = Object.fromEntries(
  [
    'nodes',
    'pods',
    'usage',
    'services',
    'scaling',
    'rolloutStatus',
    'probe',
    'solvers',
    'queue',
    'durations',
    'knownFaults',
    'documentReview',
  ].map(type => [type, healthy]),
);
const operated = (type: string, change: Rehearsing = {}) =>
  rehearsal({
    type,
    workflowId: `operation:${type}-2026-11-24T03:00:00Z`,
    args: [{ version: 1, input: {}, platform }],
    messages: [],
    ...change,
    world: { ...checks, raiseFloor: done(), setResources: done(), setConfigMap: done(), ...change.world },
  });

describe('the Morning Health Check', () => {
  const faults = {
    'Check cluster health: nodes': finding('faulty', {}, 'node-3 is not Ready.'),
    'Check cluster health: pods': finding('faulty', {}, 'nqba-worker-7d9c waits (CrashLoopBackOff).'),
    'Check application status: Services': finding('faulty', {}, 'Service nqba-ipfs has no ready endpoint.'),
    'Check HPA status': finding('faulty', {}, 'nqba-api is at its ceiling of 50.'),
    'Check NQBA-specific services: quantum': finding('faulty', {}, 'The breaker is OPEN.'),
  };

  test('names five faults as five follow-ups of operations, and the runbook that lists a symptom', async () => {
    const rehearsed = await operated('morningHealthCheck', { world: faults });
    const { followUps } = rehearsed.report;
    assert.equal(followUps.length, 5);
    for (const { evidence } of Object.values(faults)) assert.ok(followUps.some(({ confirm }) => confirm.includes(evidence)));
    assert.deepEqual([...new Set(followUps.map(({ owner }) => owner))], ['operations']);
    const quantum = followUps.find(({ title }) => title.startsWith('Quantum'))?.confirm ?? '';
    assert.match(quantum, /Dynex Outage lists this symptom: runbooks open dynex-outage --because/);
    const [said] = inputsOf<{ text: string }>(rehearsed, 'remark');
    assert.equal(said?.text, 'Morning Health Check: done. 9 of 14 checks are healthy, 5 faulty. healthy.');
  });

  test('has the review of the runbooks as a follow-up once it is past, and none where no day is known', async () => {
    const title = 'The review of the written runbooks is past';
    const past = finding('faulty', {}, 'The review of the written runbooks was due on 2026-11-01.');
    const { report } = await operated('morningHealthCheck', { world: { documentReview: past } });
    const left = report.followUps.map(({ title, owner, confirm }) => [title, owner, confirm]);
    assert.deepEqual(left, [[title, 'operations', past.evidence]]);
    const unplanned = await operated('morningHealthCheck', { world: { documentReview: finding('unknown') } });
    assert.deepEqual(unplanned.report.followUps, []);
  });

  test('keeps one follow-up for a reason that two checks find, and a table beyond five', async () => {
    const twice = finding('faulty', {}, 'nqba-worker: 1 of 2 ready.');
    const grafana = finding('faulty', {}, 'Grafana answers 503.');
    const world = { ...faults, 'Check application status: pods': twice, 'Check monitoring systems: Grafana': grafana };
    const rehearsed = await operated('morningHealthCheck', { world });
    const { followUps } = rehearsed.report;
    assert.deepEqual([followUps.length, followUps.filter(({ title }) => title === 'Pods are not ready').length], [6, 1]);
    assert.match(followUps.find(({ title }) => title === 'Pods are not ready')?.confirm ?? '', /CrashLoopBackOff.*1 of 2 ready/);
    const [said] = inputsOf<{ lines: string[] }>(rehearsed, 'remark');
    assert.deepEqual([said?.lines[0], said?.lines.length], ['owner | follow-up | why', 7]);
  });

  test('says since when a fault is found, and folds what people accepted into one line', async () => {
    const since = '2026-11-22T09:00:00Z';
    const accepted = { until: '2026-12-01T00:00:00Z', because: 'a node is ordered', by: 'ann' };
    const known = [
      { owner: 'operations', reason: 'Pods are not ready', since, times: 3 },
      { owner: 'operations', reason: 'Nodes are not ready', since, times: 3, accepted },
      { owner: 'operations', reason: 'Services have no endpoint', since, times: 3, accepted },
    ];
    const rehearsed = await operated('morningHealthCheck', {
      world: { ...faults, knownFaults: finding('faulty', { faults: known, gone: [] }) },
    });
    const { followUps } = rehearsed.report;
    assert.match(
      followUps.find(({ title }) => title === 'Pods are not ready')?.confirm ?? '',
      /Found 3 times, since 2026-11-22\./,
    );
    const folded = followUps.find(({ title }) => title === 'Accepted faults')?.confirm;
    const line = '(until 2026-12-01, ann: a node is ordered)';
    assert.equal(folded, `Nodes are not ready ${line}; Services have no endpoint ${line}`);
    assert.equal(followUps.length, 4);
    const [asked] = inputsOf<{ at: string; faults: unknown[]; unknown: unknown[] }>(rehearsed, 'knownFaults');
    assert.deepEqual([asked?.at, asked?.faults.length, asked?.unknown], ['2026-11-24T03:00:00.000Z', 5, []]);
  });

  test('offers the runbook whole where the evidence is too long, and says since when', async () => {
    const long = finding(
      'faulty',
      {},
      `The breaker is not closed in 3 of 3 pods. ${'nqba-api-795c5866fd-22d2z: OPEN. '.repeat(30)}`,
    );
    const known = [
      { owner: 'operations', reason: 'Quantum solvers do not answer as they should', since: '2026-11-22T09:00:00Z', times: 3 },
    ];
    const world = { solvers: long, knownFaults: finding('faulty', { faults: known, gone: [] }) };
    const rehearsed = await operated('morningHealthCheck', { world });
    const offer =
      /^The breaker is not closed in 3 of 3 pods\. .*… Found 3 times, since 2026-11-22\. Dynex Outage lists this symptom: runbooks open dynex-outage --because '…'$/;
    assert.match(rehearsed.report.followUps[0]?.confirm ?? '', offer);
  });

  test('says what could not be checked, which is no follow-up', async () => {
    const rehearsed = await operated('morningHealthCheck', {
      world: { usage: new Error('503'), 'Check application status: pods': finding('unknown') },
    });
    const [said] = inputsOf<{ text: string; lines: string[] }>(rehearsed, 'remark');
    assert.match(
      said?.text ?? '',
      /12 of 14 checks are healthy, 0 faulty\. Not known: usage of nodes, pods of the platform\. healthy\.$/,
    );
    assert.deepEqual(said?.lines, []);
  });

  test('is overdue after fifteen minutes', async () => {
    const slow = { 'Check monitoring systems: Grafana': minutes(16) };
    const { report } = await operated('morningHealthCheck', { takes: slow });
    assert.equal(report.phases[0]?.overdue, '2026-11-24T03:15:00.000Z');
  });

  test('changes nothing', async () => {
    const { report } = await operated('morningHealthCheck', { world: faults });
    assert.deepEqual(
      report.steps.flatMap(({ changes }) => changes),
      [],
    );
  });
});

describe('Quantum Workload Scaling', () => {
  const depth = (value: number) => ({ 'Check quantum job queue depth': finding('healthy', { depth: value, oldest: 3 }) });

  test('scales to what finishes the queue in ten minutes, from two to six without a question', async () => {
    const rehearsed = await operated('quantumWorkloadScaling', { world: depth(80) });
    assert.deepEqual(inputsOf(rehearsed, 'raiseFloor'), [{ workload: 'worker', atLeast: 4 }]);
    assert.deepEqual([rehearsed.report.questions, rehearsed.report.followUps], [[], []]);
  });

  test('asks primary beyond that, with the formula, and leaves it where no one answers', async () => {
    const now = {
      'Scale quantum workers based on demand: workers now': finding('healthy', { ready: 3 }),
      'Monitor Dynex API rate limits: before': finding('healthy', {}, '57 of 60 succeeded.'),
    };
    const rehearsed = await operated('quantumWorkloadScaling', { world: { ...depth(500), ...now } });
    const asked = questionOf(rehearsed.report, 'Scale quantum workers based on demand: 10?');
    assert.deepEqual([asked?.owner, asked?.answer?.choice], ['primary', 'leave']);
    assert.match(
      asked?.because ?? '',
      /500 jobs wait, and one worker finishes 20 in 10 minutes \(not measured\): 25 workers, at most 10; 3 workers run now\. Dynex: 57 of 60 succeeded\.$/,
    );
    assert.deepEqual(effects(rehearsed, 'raiseFloor'), []);
  });

  test('scales nothing where the depth is not known, and says how to name a count', async () => {
    const rehearsed = await operated('quantumWorkloadScaling', { world: { queue: finding('unknown') } });
    assert.deepEqual(effects(rehearsed, 'raiseFloor'), []);
    assert.match(rehearsed.report.followUps[0]?.confirm ?? '', /Name a count: --workers/);
  });

  test('does what a person asked for, and leaves a follow-up where Dynex takes no more', async () => {
    const world = { ...depth(80), 'Monitor Dynex API rate limits': finding('faulty', {}, '12 of 60 succeeded.') };
    const args = [{ version: 1, input: { workers: 5 }, platform }];
    const rehearsed = await operated('quantumWorkloadScaling', { world, args });
    assert.deepEqual(inputsOf(rehearsed, 'raiseFloor'), [{ workload: 'worker', atLeast: 5 }]);
    assert.match(rehearsed.report.followUps[0]?.confirm ?? '', /12 of 60 succeeded.*runbooks undo/);
  });

  test('waits for nothing, and leaves nothing to do, where nothing was scaled', async () => {
    const world = { ...depth(80), raiseFloor: planned('observe'), 'Monitor Dynex API rate limits': finding('faulty') };
    const { report } = await operated('quantumWorkloadScaling', { world });
    assert.deepEqual(report.followUps, []);
    assert.equal(
      report.steps.some(({ title }) => title === 'Monitor Dynex API rate limits'),
      false,
    );
  });

  test('counts at least one worker, and at most ten', () => {
    const count = (value: number) =>
      workersFor(
        { queue: { ...healthy, facts: { depth: value } }, pods: { verdict: 'unknown', evidence: '' } },
        { workers: undefined, perWorker: 20 },
      ).count;
    assert.deepEqual([0, 1, 20, 21, 200, 10_000].map(count), [1, 1, 1, 2, 10, 10]);
  });

  test('counts by the rate that is measured', () => {
    const queue = { ...healthy, facts: { depth: 60, completions: 4 } };
    const pods = { ...healthy, facts: { ready: 2 } };
    const { count, because } = workersFor({ queue, pods }, { workers: undefined, perWorker: 100 });
    assert.equal(count, 3);
    assert.match(because, /60 jobs wait, and one worker finishes 20 in 10 minutes \(measured\): 3 workers/);
  });
});

describe('Quantum Job Optimization', () => {
  const asking = ({ args: [, call] }: { args: unknown[] }) => (Object(call).approved ? done(aReceipt()) : planned('approval'));
  const both = { 'Adjust quantum worker resources': 'approve', 'Tune quantum job batching': 'approve' };

  test('changes resources, then batches, each approved by its owner', async () => {
    const world = { setResources: asking, setConfigMap: asking };
    const { report } = await operated('quantumJobOptimization', { world, people: both });
    assert.deepEqual(
      report.questions.map(({ title, owner }) => [title, owner]),
      [
        ['Adjust quantum worker resources', 'infrastructure'],
        ['Tune quantum job batching', 'quantum'],
      ],
    );
    assert.deepEqual([report.outcome, report.followUps], ['done', []]);
  });

  test('sets what it was started with', async () => {
    const args = [{ version: 1, input: { batch: 8, timeout: 900 }, platform }];
    const rehearsed = await operated('quantumJobOptimization', { args });
    const values = { QUANTUM_BATCH_SIZE: '8', QUANTUM_TIMEOUT: '900' };
    assert.deepEqual(inputsOf(rehearsed, 'setConfigMap'), [{ configMap: 'quantum', values }]);
  });

  test('holds the durations afterwards to those before', async () => {
    const before = finding('faulty', { p95: 700, usualP95: 350 }, 'The p95 is 700 s.');
    const rehearsed = await operated('quantumJobOptimization', { world: { 'Monitor quantum job performance': before } });
    const [, afterwards] = inputsOf<{ check: string; input: unknown }>(rehearsed, 'watch');
    assert.deepEqual([afterwards?.check, afterwards?.input], ['durations', { mean: 300, p95: 2.2 }]);
    const [said] = inputsOf<{ text: string }>(rehearsed, 'remark');
    assert.match(said?.text ?? '', /Before: The p95 is 700 s\. Afterwards: /);
  });

  test('tunes nothing where the new pods do not stay ready', async () => {
    const faulty = finding('faulty', {}, 'OOMKilled.');
    const rehearsed = await operated('quantumJobOptimization', {
      world: { 'Adjust quantum worker resources: pods stay ready': faulty },
    });
    assert.deepEqual(effects(rehearsed, 'setConfigMap'), []);
    assert.match(rehearsed.report.followUps[0]?.confirm ?? '', /OOMKilled\..* To restore what was: runbooks undo/);
  });

  test('tunes nothing where their limit holds the new pods back, and says so where that is not known', async () => {
    const throttled = (verdict: 'faulty' | 'unknown', evidence: string) =>
      operated('quantumJobOptimization', {
        world: { 'Adjust quantum worker resources: throttling': finding(verdict, {}, evidence) },
      });
    const held = await throttled('faulty', '31% of its CPU periods throttled.');
    assert.deepEqual(effects(held, 'setConfigMap'), []);
    assert.match(held.report.followUps[0]?.confirm ?? '', /31% of its CPU periods throttled\. To restore what was/);
    const unknown = await throttled('unknown', 'Not measured: nqba-worker-1.');
    const [said] = inputsOf<{ text: string }>(unknown, 'remark');
    assert.match(said?.text ?? '', /Afterwards: .* Not measured: nqba-worker-1\./);
  });
});

describe('the catalog of operations', () => {
  test('has the fields of each written one', () => {
    for (const { slug, kind, workflow, fields } of runbooks)
      if (kind === 'operation' && workflow) assert.deepEqual(fields, new Map(Object.entries(fieldsOf)).get(slug), slug);
  });

  test('schedules only operations that need nothing to be typed', () => {
    for (const slug of Object.keys(schedules)) {
      const { kind, fields = {} } = runbooks.find(one => one.slug === slug) ?? assert.fail(slug);
      assert.equal(kind, 'operation');
      assert.ok(Object.values(fields).every(({ needed }) => !needed));
    }
  });
});
