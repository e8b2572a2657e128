/** A check never throws for a faulty world, and too little data is unknown. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, answers, refuses } from './bare.ts';
import { checks, key, secret } from './looking.ts';

test('Dynex down is faulty from both sides and on its own page, and says nothing of the key', async () => {
  const { quantum, seenHealthy, states } = checks();
  await seenHealthy();
  states.dynex = 'down';
  const probe = await quantum.probeDynex({});
  assert.deepEqual([probe.verdict, probe.facts], ['faulty', { inside: 'faulty', outside: 'faulty' }]);
  assert.match(probe.evidence, /HTTP 503 fails/);
  assert.deepEqual((await quantum.dynexStatus({})).facts, { incident: 'Major Service Outage' });
  assert.deepEqual((await quantum.dynexKey({})).verdict, 'unknown');
});

test('the layer that fails is named', async () => {
  const { quantum, seenHealthy, states } = checks();
  await seenHealthy();
  states.dynex = 'refused';
  assert.match((await quantum.probeDynex({})).evidence, /TCP fails: Dynex cannot be reached: connect ECONNREFUSED/);
  states.dynex = 'slow';
  assert.match((await quantum.probeDynex({})).evidence, /No answer: .*within 10 s/);
});

test('a web server’s welcome page is neither healthy nor evidence against Dynex', async () => {
  const { quantum, seenHealthy, states } = checks();
  await seenHealthy();
  states.dynex = 'garbage';
  assert.equal((await quantum.probeDynex({})).facts?.inside, 'unknown');
});

test('what was never healthy here is unknown, and asks to check the address', async () => {
  const { quantum, states } = checks();
  states.dynex = 'down';
  for (const finding of [await quantum.probeDynex({}), await quantum.dynexStatus({})]) {
    assert.equal(finding.verdict, 'unknown');
    assert.match(finding.evidence, /never been healthy on this installation; verify its address \(http/);
  }
});

test('a dead Prometheus is no healthy outside', async () => {
  const { quantum, states } = checks();
  states.prometheus = 'down';
  assert.deepEqual((await quantum.probeDynex({})).facts, { inside: 'healthy', outside: 'unknown' });
  assert.equal((await quantum.probeDynex({})).verdict, 'unknown');
  assert.equal((await quantum.jobs({ solver: 'dynex' })).verdict, 'unknown');
});

test('a refused key is faulty, shows where it lies and a digest, and never any part of it', async () => {
  const { quantum, seenHealthy, states } = checks();
  await seenHealthy();
  states.dynex = 'unauthorised';
  const finding = await quantum.dynexKey({});
  assert.deepEqual([finding.verdict, finding.facts], ['faulty', { code: 403 }]);
  assert.match(
    finding.evidence,
    /Secret nqba-platform\/nqba-secrets, key dynex-api-key, last written 4 days ago, digest [0-9a-f]{8}/,
  );
  assert.ok(!JSON.stringify(finding).includes(key.slice(0, 8)));
});

test('a Secret without the key is faulty, one that may not be read is unknown', async () => {
  assert.equal((await checks({ kubernetes: secret('') }).quantum.dynexKey({})).verdict, 'faulty');
  const forbidden = answers(403, { kind: 'Status', message: 'secrets "nqba-secrets" is forbidden' });
  const finding = await checks({ kubernetes: forbidden }).quantum.dynexKey({});
  assert.deepEqual(
    [finding.verdict, finding.evidence],
    [
      'unknown',
      'Kubernetes answered 403: secrets "nqba-secrets" is forbidden. Grant it: `runbooks rights` prints what the worker needs.',
    ],
  );
});

test('jobs are judged by the solver that finished them; mocks are failures, too few are unknown', async () => {
  const { quantum, states } = checks();
  const healthy = await quantum.jobs({ solver: 'dynex' });
  assert.deepEqual([healthy.verdict, healthy.facts?.share, healthy.facts?.successRate], ['healthy', 1, 1]);
  states.dynex = 'mock';
  assert.deepEqual([(await quantum.jobs({ solver: 'dynex' })).verdict], ['faulty']);
  assert.equal((await quantum.jobs({ solver: 'classical' })).verdict, 'unknown');
});

test('a stage of the way back is judged by twenty jobs, or by three canaries where there are fewer; a mock fails either way', async () => {
  const input = { solver: 'dynex', successRate: 0.95, orCanaries: true } as const;
  const busy = checks();
  const jobs = await busy.quantum.jobs(input);
  assert.equal(jobs.verdict, 'healthy');
  assert.ok((jobs.facts?.jobs ?? 0) >= 20);
  busy.states.dynex = 'mock';
  assert.equal((await busy.quantum.jobs(input)).verdict, 'faulty');

  const idle = checks({ running: [] });
  assert.match((await idle.quantum.jobs(input)).evidence, /^3 of 3 canaries succeeded on quantum_dynex/);
  idle.states.dynex = 'mock';
  const mock = await idle.quantum.jobs(input);
  assert.equal(mock.verdict, 'faulty');
  assert.match(mock.evidence, /^quantum_dynex says success, the answer is a mock: counted as failure\./);
});

test('a canary believes neither a 200 nor a mock', async () => {
  const { quantum, states } = checks();
  assert.deepEqual((await quantum.canary({ solver: 'dynex' })).facts, { solver: 'quantum_dynex' });
  states.dynex = 'mock';
  assert.deepEqual((await quantum.canary({ solver: 'dynex' })).verdict, 'faulty');
  states.dynex = 'down';
  assert.deepEqual((await quantum.canary({ solver: 'dynex' })).verdict, 'faulty');
  states.api = 'down';
  assert.deepEqual((await quantum.canary({ solver: 'dynex' })).verdict, 'unknown');
});

test('recovered needs the probe, the key, and jobs or canaries that succeeded', async () => {
  const { observe, states } = checks();
  assert.equal((await observe.recovered({ of: 'dynex-outage' })).verdict, 'healthy');
  states.dynex = 'unauthorised';
  assert.equal((await observe.recovered({ of: 'dynex-outage' })).verdict, 'faulty');
  const idle = await checks({ running: [] }).observe.recovered({ of: 'dynex-outage' });
  assert.deepEqual([idle.verdict, idle.facts], ['healthy', { canaries: 3 }]);
  const busy = checks({ running: [] });
  busy.states.dynex = 'mock';
  assert.equal((await busy.observe.recovered({ of: 'dynex-outage' })).verdict, 'faulty');
});

test('with nothing connected every check is unknown, and says what to set', async () => {
  const { quantum, observe, kubernetes } = activitiesWith({});
  const findings = await Promise.all([
    quantum.probeDynex({}),
    quantum.dynexStatus({}),
    quantum.dynexKey({}),
    quantum.jobs({ solver: 'dynex' }),
    quantum.canary({ solver: 'dynex' }),
    observe.recovered({ of: 'dynex-outage' }),
    observe.probe({ url: 'api' }),
    kubernetes.rollouts({ workloads: ['worker'], before: '2026-11-24T03:00:00Z' }),
  ]);
  assert.deepEqual(new Set(findings.map(({ verdict }) => verdict)), new Set(['unknown']));
  for (const { evidence } of findings) assert.match(evidence, /not connected/);
});

test('evidence is never longer than people read', async () => {
  const { quantum } = activitiesWith({
    kubernetes: { fetch: refuses },
    dynex: {
      statusUrl: 'http://dynex/s',
      fetch: answers(200, { status: { indicator: 'major', description: 'x'.repeat(9_000) } }),
    },
  });
  assert.ok((await quantum.dynexStatus({})).evidence.length <= 600);
});
