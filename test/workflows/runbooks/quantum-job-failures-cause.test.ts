// Which written cause is proposed: parameters before resources before the solver, and nothing from what is unknown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailuresFacts } from '../../../activities/index.ts';
import {
  dynexFails,
  jobFailureCause,
  type JobFindings,
  letIn,
  workloadAtFault,
} from '../../../workflows/runbooks/quantum-job-failures/cause.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;
const facts: FailuresFacts = {
  failed: 40,
  finished: 100,
  error: 'other',
  errorShare: 1,
  solver: 'quantum_dynex',
  solverShare: 0.5,
  leading: null,
  ruleShare: 0,
  othersSucceed: true,
};
const failing = (more: Partial<FailuresFacts>) =>
  ({ verdict: 'faulty', evidence: '40 of 100 failed', facts: { ...facts, ...more } }) as const;
const well: JobFindings = {
  patterns: healthy,
  solvers: healthy,
  dynex: { ...healthy, facts: { inside: 'healthy', outside: 'healthy' } },
  parameters: healthy,
  usage: healthy,
  quota: healthy,
};
const used = { verdict: 'faulty', evidence: 'nqba-worker-1 uses 97% of its cpu limit' } as const;
const wrong = { verdict: 'faulty', evidence: 'a canary is wrong' } as const;
const timeouts = failing({ error: 'timeout', errorShare: 0.9 });
const oneSolver = failing({ solverShare: 0.95 });

const proposals: [string, Partial<JobFindings>, string | undefined][] = [
  ['nothing where all is well', {}, undefined],
  [
    'nothing from what is unknown',
    { patterns: unknown, solvers: unknown, parameters: unknown, usage: unknown, quota: unknown },
    undefined,
  ],
  ['the parameters where failed jobs share a shape', { parameters: failing({}), patterns: failing({}) }, 'Parameter Issue'],
  [
    'the parameters first, whatever else is faulty',
    { parameters: failing({}), patterns: timeouts, usage: used, solvers: wrong },
    'Parameter Issue',
  ],
  ['resources where jobs run out of time and pods are at their limits', { patterns: timeouts, usage: used }, 'Resource Issue'],
  [
    'resources where the quota is used up',
    { patterns: failing({ error: 'memory', errorShare: 0.6 }), quota: used },
    'Resource Issue',
  ],
  [
    'resources where a limit was answered, whatever pods use',
    { patterns: failing({ error: 'limit', errorShare: 0.8 }) },
    'Resource Issue',
  ],
  ['nothing where jobs run out of time and nothing is used up', { patterns: timeouts }, undefined],
  ['nothing where pods are busy and jobs fail for other reasons', { patterns: failing({}), usage: used }, undefined],
  ['the solver where a canary is wrong', { solvers: wrong }, 'Solver Issue'],
  ['the solver where nearly all failures are on it', { patterns: oneSolver }, 'Solver Issue'],
  [
    'the fallback of Dynex Outage where Dynex itself fails',
    { dynex: { ...wrong, facts: { inside: 'faulty', outside: 'faulty' } }, parameters: failing({}) },
    'Solver Issue',
  ],
];

for (const [what, found, expected] of proposals)
  test(`proposes ${what}`, () => {
    assert.equal(jobFailureCause({ ...well, ...found }).proposed, expected);
  });

test('a solver is ruled out where other jobs succeed on it, and resources where none is near its limit', () => {
  assert.deepEqual(jobFailureCause({ ...well, parameters: failing({}) }).ruledOut, [
    'Ruled out the solver: other jobs succeed on it.',
  ]);
  assert.match(jobFailureCause({ ...well, solvers: wrong }).ruledOut.join(' '), /Ruled out parameters.*Ruled out resources/);
});

test('Dynex that fails from one viewpoint only is no outage of Dynex', () => {
  assert.equal(dynexFails({ dynex: { ...wrong, facts: { inside: 'faulty', outside: 'healthy' } } }), false);
  const why = jobFailureCause({ ...well, dynex: { ...wrong, facts: { inside: 'faulty', outside: 'faulty' } } }).why;
  assert.match(why, /runbooks open dynex-outage/);
});

test('jobs are let in at the rate that succeeds, and at half of it where that is not known', () => {
  const rates = [{ failed: 26, finished: 100 }, { failed: 100, finished: 100 }, undefined].map(letIn);
  assert.deepEqual(rates, [70, 5, 50]);
  assert.deepEqual(
    [workloadAtFault({ open: ['api-1'] }), workloadAtFault({ open: [] }), workloadAtFault(undefined)],
    ['api', 'worker', 'worker'],
  );
});
