/** The solvers and the breaker of each pod, and what failed jobs have in common, over the stand-in of the hub. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { JobRecord } from '../../../activities/connectors/hub.ts';
import { judgeFailures } from '../../../activities/quantum/failures.ts';
import { kindOf } from '../../../activities/quantum/error-kind.ts';
import { hub } from './hub.ts';

test('healthy where every breaker is closed and the canary of each solver is right', async () => {
  const { verdict, evidence, facts } = await hub().quantum.solvers({});
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /The breaker is CLOSED in 3 of 3 pods\..*quantum_dynex solved.*classical_dimod solved/);
  assert.deepEqual(facts, { open: [], wrong: [], codeFault: false, intake: 100 });
});

test('the pod that differs from the others is named', async () => {
  const { quantum, states } = hub();
  states.api = 'split';
  const { verdict, evidence, facts } = await quantum.solvers({});
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /not closed in 1 of 3 pods\. api-1: OPEN, without quantum_dynex\./);
  assert.deepEqual(facts?.open, ['api-1']);
});

test('a solver whose canary is no result is wrong, and the other is not', async () => {
  const { quantum, states } = hub();
  states.dynex = 'mock';
  const { verdict, evidence, facts } = await quantum.solvers({});
  assert.deepEqual([verdict, facts?.wrong], ['faulty', ['dynex']]);
  assert.match(evidence, /^Canary on quantum_dynex: .*\. The breaker is CLOSED/, 'the fault comes first');
});

test('without addresses of pods one of them is asked, and the evidence says so', async () => {
  const { evidence } = await hub({ podUrl: null }).quantum.solvers({});
  assert.match(evidence, /The breaker is CLOSED in 1 of 1 \(one pod, at random \(NQBA_API_POD_URL is not set\)\)/);
});

test('a pod that does not answer is unknown, and so is an API that is not connected', async () => {
  const silent = hub({ podUrl: 'http://api/pods/not-{name}' });
  const seen = await silent.quantum.solvers({});
  assert.equal(seen.verdict, 'unknown');
  assert.match(seen.evidence, /api-2 does not answer: The NQBA API cannot be reached/);
  const { verdict, evidence } = await hub({ without: ['api'] }).quantum.solvers({});
  assert.deepEqual([verdict, evidence.includes('set NQBA_API_URL')], ['unknown', true]);
});

test('failed jobs are compared with all others, of the last hour', async () => {
  const { quantum, states } = hub();
  states.dynex = 'down';
  const { verdict, evidence, facts } = await quantum.failures({ by: 'reason' });
  assert.equal(verdict, 'faulty', evidence);
  assert.match(evidence, /finished jobs failed: SolverError \d+\..*There are more: these are the newest 1000\./);
  assert.deepEqual([facts?.solver, facts?.solverShare, facts?.error], ['quantum_dynex', 1, 'other']);
  const parameters = await quantum.failures({ by: 'parameters' });
  assert.equal(parameters.verdict, 'healthy', 'all jobs fail alike: no shape leads');
});

test('a platform that offers no records says what it must offer', async () => {
  const { quantum, states } = hub();
  states.api = 'unsupported';
  const { verdict, evidence } = await quantum.failures({ by: 'reason' });
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /does not offer GET \/api\/v1\/qih\/jobs to operators \(422\)/);
});

const job = (index: number, more: Partial<JobRecord>): JobRecord => ({
  job_id: `job-${index}`,
  status: 'completed',
  operation: 'portfolio',
  priority: 'normal',
  solver: 'quantum_dynex',
  customer: `customer-${index % 5}`,
  created_at: '2026-11-24T03:00:00Z',
  timeout_seconds: 300,
  variables: 20,
  ...more,
});
const jobs = (count: number, more: Partial<JobRecord> = {}) => Array.from({ length: count }, (_, index) => job(index, more));
const failed = { status: 'failed', error: 'ValueError: bad matrix' } as const;

test('the shape that failed jobs share leads, by how much more often they have it', () => {
  const { verdict, evidence, facts } = judgeFailures(
    [...jobs(60), ...jobs(20, { ...failed, operation: 'routing' })],
    'parameters',
  );
  assert.equal(verdict, 'faulty', evidence);
  assert.deepEqual(facts?.leading, { factor: 'operation', value: 'routing', share: 1, lift: 4 });
  assert.match(
    evidence,
    /20 of 80 finished jobs failed: ValueError 20\. operation routing: 100% of the failed, 4 times as often as of all/,
  );
});

test('jobs over the largest size break a rule', () => {
  const { verdict, facts } = judgeFailures([...jobs(60), ...jobs(20, { ...failed, variables: 4_000 })], 'parameters');
  assert.deepEqual([verdict, facts?.ruleShare], ['faulty', 1]);
});

test('too few failures are unknown, unless enough jobs show that few fail', () => {
  assert.equal(judgeFailures([...jobs(5), ...jobs(2, failed)], 'reason').verdict, 'unknown');
  assert.equal(judgeFailures([...jobs(200), ...jobs(2, failed)], 'reason').verdict, 'healthy');
  assert.equal(judgeFailures([], 'reason').verdict, 'unknown');
});

test('the kind of an error follows from its words', () => {
  const words = [
    'Job timed out after 300 seconds',
    'MemoryError',
    '429 Too Many Requests',
    "'X' object has no attribute 'solve'",
    'ValueError',
  ];
  assert.deepEqual(words.map(kindOf), ['timeout', 'memory', 'limit', 'code', 'other']);
});
