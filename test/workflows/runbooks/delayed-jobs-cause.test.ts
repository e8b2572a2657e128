// The cause that is proposed for delayed jobs, in the order database, resources, workers; and how many workers it takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DelayFindings, delayCause } from '../../../workflows/runbooks/delayed-jobs/cause.ts';
import { workersFor } from '../../../workflows/runbooks/delayed-jobs/workers.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;
const workload = (wanted: number) => ({ workloads: [{ workload: 'worker', ready: wanted, wanted, missing: 0 }] });
const grew = '2026-11-24T13:48:00.000Z';
const usual = { arrivals: 18, completions: 18, arrivalsTimesUsual: 1, p95TimesUsual: 1, since: grew };
const flow = (facts: object) => ({ verdict: 'faulty', evidence: 'the flow is not as usual', facts: { ...usual, ...facts } }) as const;
const load = (since?: string) => ({ verdict: 'faulty', evidence: '3 sessions wait for a lock', facts: { since } }) as const;
const stuck = { verdict: 'faulty', evidence: '1 job is stuck', facts: { stuck: 1, pods: 1 } } as const;
const full = { verdict: 'faulty', evidence: 'node-1: 97% of its allocatable memory' } as const;
const unready = { verdict: 'faulty', evidence: '2 of 4 ready', facts: { obstacle: null } } as const;
const obstacle = { object: 'ResourceQuota jobs', says: 'exceeded quota: limits.cpu' };

const well: DelayFindings = { flow: { ...healthy, facts: usual }, workers: healthy, usage: [healthy], database: healthy, stuck: healthy };
const proposed = (found: Partial<DelayFindings>) => delayCause({ ...well, ...found }).proposed;

for (const [what, found, cause] of [
  ['nothing faulty', {}, undefined],
  ['a database that deviates first', { database: load('2026-11-24T13:39:00.000Z'), flow: flow({ p95TimesUsual: 3 }) }, 'Database Bottleneck'],
  ['it comes before all others', { database: load('2026-11-24T13:39:00.000Z'), usage: [full], stuck }, 'Database Bottleneck'],
  ['a database that deviates after the queue', { database: load('2026-11-24T13:50:00.000Z') }, undefined],
  ['a database that deviates no one knows when', { database: load() }, undefined],
  ['a queue that grew no one knows when', { database: load('2026-11-24T13:39:00.000Z'), flow: flow({ since: undefined }) }, undefined],
  ['a full node while workers serve', { usage: [healthy, full], stuck }, 'Resource Exhaustion'],
  ['a full node, and workers that are not known', { usage: [full], workers: unknown }, undefined],
  ['workers that find no room', { workers: { ...unready, facts: { obstacle } }, usage: [unknown] }, 'Resource Exhaustion'],
  ['a worker that does not serve', { workers: unready, usage: [full] }, 'Worker Bottleneck'],
  ['a stuck job', { stuck }, 'Worker Bottleneck'],
  ['more jobs that take as long as usual', { flow: flow({ arrivalsTimesUsual: 1.7 }) }, 'Worker Bottleneck'],
  ['more jobs that take longer too', { flow: flow({ arrivalsTimesUsual: 1.7, p95TimesUsual: 3 }) }, undefined],
  ['more jobs, and a database that is not known', { flow: flow({ arrivalsTimesUsual: 1.7 }), database: unknown }, undefined],
  ['nothing known', { flow: unknown, workers: unknown, usage: [unknown], database: unknown, stuck: unknown }, undefined],
] as [string, Partial<DelayFindings>, string | undefined][])
  test(`the proposal for ${what}`, () => assert.equal(proposed(found), cause));

test('every faulty finding is named, whatever is proposed, and what was ruled out', () => {
  const { why, ruledOut } = delayCause({ ...well, stuck, flow: flow({ arrivalsTimesUsual: 2 }) });
  assert.equal(why, '1 job is stuck. the flow is not as usual.');
  assert.deepEqual(ruledOut, [
    'Ruled out the database: its load is as usual.',
    'Ruled out resources: pods, nodes and quotas have room.',
  ]);
});

test('workers for what arrives and the backlog in half an hour, twice as many where it is not measured, ten at most', () => {
  const queue = { ...healthy, facts: { depth: 270 } };
  const two = { ...healthy, facts: workload(2) };
  const arriving = (arrivals: number) => flow({ arrivals });
  assert.equal(workersFor({ flow: arriving(27), workers: two }, queue), 4);
  assert.equal(workersFor({ flow: unknown, workers: two }, unknown), 4);
  assert.equal(workersFor({ flow: arriving(90), workers: { ...healthy, facts: workload(4) } }, queue), 10);
  assert.equal(workersFor({ flow: arriving(9), workers: two }, healthy), 3);
  assert.equal(workersFor(undefined, undefined), 2);
});
