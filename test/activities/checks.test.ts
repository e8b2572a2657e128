/** A check never throws for a faulty world, and too little data is unknown. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { dynex } from '../../lab/stand-ins/dynex.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { World } from '../../lab/world.ts';
import type { State, System } from '../../lab/world/systems.ts';
import { activitiesWith, answers, refuses, virtualClock } from './bare.ts';

const key = 'dnx_secret_of_the_house';
const secret = (value: string) =>
  answers(200, {
    metadata: { name: 'nqba-secrets', creationTimestamp: '2026-11-20T00:00:00Z' },
    data: { 'dynex-api-key': Buffer.from(value).toString('base64') },
  });

/** Two workers and a batch worker on Dynex, for as long as anybody looks back. */
const pods = ['w-1', 'w-2', 'b-1'].map(pod => ({
  pod,
  uid: pod,
  workload: pod.startsWith('w') ? ('worker' as const) : ('batch' as const),
  solver: 'dynex' as const,
  fallback: false,
  since: 0,
}));

/** The checks over stand-ins, in a world whose systems can be set. */
function checks({ kubernetes = secret(key), running = pods }: { kubernetes?: () => Response; running?: World['pods'] } = {}) {
  const clock = virtualClock();
  const states: Partial<Record<System, State>> = {};
  const around = (system: System) => surroundings({ ...clock, state: () => states[system] ?? 'healthy' });
  const world = (): World => ({
    pods: running,
    systems: [{ system: 'dynex', state: states.dynex ?? 'healthy', from: 0 }],
  });
  const activities = activitiesWith(
    {
      kubernetes: { fetch: kubernetes },
      prometheus: { url: 'http://prometheus', fetch: prometheus(around('prometheus'), world).fetch },
      dynex: {
        url: 'http://dynex',
        statusUrl: 'http://dynex/status/api/v2/summary.json',
        fetch: dynex(around('dynex')).fetch,
      },
      api: { url: 'http://api', fetch: nqbaApi(around('api'), world).fetch },
    },
    clock,
  );
  const { probeDynex, dynexStatus, dynexKey } = activities.quantum;
  const seenHealthy = () => Promise.all([probeDynex({}), dynexStatus({}), dynexKey({})]);
  return { ...activities, seenHealthy, states };
}

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
    assert.match(finding.evidence, /Never seen healthy here, so check the address http/);
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
  assert.match(finding.evidence, /Secret nqba-platform\/nqba-secrets, key dynex-api-key, 4 days old, digest [0-9a-f]{8}/);
  assert.ok(!JSON.stringify(finding).includes(key.slice(0, 8)));
});

test('a Secret without the key is faulty, one that may not be read is unknown', async () => {
  assert.equal((await checks({ kubernetes: secret('') }).quantum.dynexKey({})).verdict, 'faulty');
  const forbidden = answers(403, { kind: 'Status', message: 'secrets "nqba-secrets" is forbidden' });
  const finding = await checks({ kubernetes: forbidden }).quantum.dynexKey({});
  assert.deepEqual(
    [finding.verdict, finding.evidence],
    ['unknown', 'Kubernetes answered 403: secrets "nqba-secrets" is forbidden.'],
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
