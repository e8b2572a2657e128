/**
 * With only Kubernetes and Prometheus connected, each check of seven runbooks that the step map calls kubernetes, observe or quantum
 * runs, or reads what docs/written/kubernetes-and-prometheus.tsv names instead, and says what it did not look at.
 */

import assert from 'node:assert/strict';
import test from 'node:test';
import { isAction } from '../../../workflows/catalog/activities.ts';
import type { Finding, Outcome } from '../../../workflows/contract/index.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../lab/world.ts';
import { isOfSteps } from '../../support/mapped-steps.ts';
import { activitiesWith, refuses, virtualClock } from '../bare.ts';
import { deployment, fetchOf, pod } from '../kubernetes/cluster-of.ts';
import { cases } from '../harness/cases/index.ts';
import { called, lines, listed } from './list.ts';

type Activities = ReturnType<typeof activitiesWith>;

const start = Date.parse('2026-11-24T03:00:00Z');
const names = ['w-1', 'w-2'];
const ran = (name: string) =>
  ({ pod: name, uid: name, workload: 'worker', solver: 'dynex', fallback: false, since: start - 3_600_000 }) as const;

function alone(isDown = false): Activities {
  const clock = virtualClock(start);
  const world = (): World => ({ pods: names.map(ran), systems: [] });
  const fetch = isDown ? refuses : prometheus(surroundings(clock), world).fetch;
  const nodes = [{ metadata: { name: 'n-1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }];
  const held = { deployment: deployment(), pods: names.map(name => pod(name)), nodes };
  return activitiesWith(
    { kubernetes: { fetch: isDown ? refuses : fetchOf(held) }, prometheus: { url: 'http://prometheus', fetch } },
    clock,
  );
}

const before = new Date(start).toISOString();
const worker = { workload: 'worker' } as const;
/** As the runbooks ask them; by title where one activity is asked for different things. */
const checks: Record<string, (by: Activities) => Promise<Finding>> = {
  'kubernetes.nodes': by => by.kubernetes.nodes({}),
  'kubernetes.pods': by => by.kubernetes.pods({ workloads: ['worker'] }),
  'kubernetes.usage': by => by.kubernetes.usage({ of: 'quota', below: 0.9 }),
  'kubernetes.services': by => by.kubernetes.services({ kind: 'service' }),
  'Check application status: Ingress': by => by.kubernetes.services({ kind: 'ingress' }),
  'kubernetes.scaling': by => by.kubernetes.scaling({}),
  'kubernetes.rolloutStatus': by => by.kubernetes.rolloutStatus(worker),
  'kubernetes.rollouts': by => by.kubernetes.rollouts({ workloads: ['api'], before }),
  'kubernetes.configMap': by => by.kubernetes.configMap({ configMap: 'quantum', expected: { QUANTUM_TIMEOUT: '600' } }),
  'observe.dashboard': by => by.observe.dashboard({ dashboard: 'NQBA API Metrics' }),
  'observe.probe': by => by.observe.probe({ url: 'api' }),
  'Check monitoring systems: Prometheus': by => by.observe.probe({ url: 'prometheus' }),
  'Check monitoring systems: Grafana': by => by.observe.probe({ url: 'grafana' }),
  'observe.recovered': by => by.observe.recovered({ of: 'quantum-job-failures' }),
  'quantum.solvers': by => by.quantum.solvers({}),
  'quantum.probeDynex': by => by.quantum.probeDynex({}),
  'quantum.jobs': by => by.quantum.jobs({ solver: 'dynex' }),
  'quantum.queue': by => by.quantum.queue({}),
  'quantum.flow': by => by.quantum.flow({ before }),
  'quantum.durations': by => by.quantum.durations({ mean: 300, p95: 1.2 }),
  'quantum.stuckJobs': by => by.quantum.stuckJobs({ freeze: 'stuck workers' }),
  'quantum.failures': by => by.quantum.failures({ by: 'reason' }),
  'quantum.keyVersions': by => by.quantum.keyVersions({}),
  'database.load': by => by.database.load({}),
};

const isCheck = ({ activity }: { activity: string }) => !isAction(activity.split('.')[1] ?? '');

test('the list names each of these lines once, in their order, and each is a step', () => {
  assert.deepEqual(
    listed.map(({ id }) => id),
    lines.map(({ id }) => id),
  );
  assert.ok(lines.every(isOfSteps));
  assert.deepEqual(new Set(called.map(({ id }) => id)), new Set(lines.map(({ id }) => id)));
});

const findingsOf = (id: string, by: Activities) =>
  Promise.all(
    called
      .filter(one => one.id === id && isCheck(one))
      .map(({ title, activity }) => (checks[title] ?? checks[activity] ?? assert.fail(activity))(by)),
  );

const unconnected = /is not connected: set [A-Z_]+/;

for (const { id, alone: how, instead } of listed.filter(({ id }) => called.some(one => one.id === id && isCheck(one))))
  test(`${id} ${how}${instead && `: ${instead}`}`, async () => {
    const told = (await findingsOf(id, alone())).map(({ evidence }) => evidence).join(' ');
    if (how === 'runs') assert.doesNotMatch(told, unconnected);
    else assert.ok(told.includes(instead), told);
    if (how === 'reads') assert.match(told, unconnected);
    for (const { verdict, evidence } of await findingsOf(id, alone(true))) assert.notEqual(verdict, 'healthy', evidence);
  });

/** As the runbooks call them. */
const pasted: Record<string, (by: Activities) => Promise<Outcome>> = {
  'quantum.setIntake': by => by.quantum.setIntake({ percent: 0 }, { key: 'run-1/Immediate Response/Pause New Jobs/1' }),
  'quantum.prioritizeJobs': by =>
    by.quantum.prioritizeJobs({ classes: ['urgent', 'high'] }, { key: 'run-1/Immediate Response/Prioritize Critical Jobs/1' }),
};

for (const { id, activity, instead } of called.filter(({ alone }) => alone === 'pasted'))
  test(`${id} is text to paste: ${instead}`, async () => {
    const outcome = await (pasted[activity] ?? assert.fail(activity))(alone());
    assert.ok('byHand' in outcome && outcome.byHand.paste.includes(instead), JSON.stringify(outcome));
  });

/** The harness connects no API where it holds these to its laws on an API server. */
for (const name of new Set(
  called.filter(one => one.alone === 'runs' && !isCheck(one)).map(({ activity }) => activity.split('.')[1]),
))
  test(`${name} has a case that writes to Kubernetes alone`, () => {
    assert.equal(cases.find(of => of.name === name)?.to, 'kubernetes');
  });
