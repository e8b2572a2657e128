/** Whether there is a revision to go back to is known before a rollback is offered. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, virtualClock } from '../bare.ts';
import { clusterOf, deployment, fetchOf } from './cluster-of.ts';

const template = (image: string) => ({ spec: { containers: [{ name: 'api', image }] } });
const set = (revision: number, creationTimestamp: string) => ({
  metadata: {
    name: `nqba-api-${revision}`,
    uid: `s${revision}`,
    creationTimestamp,
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ kind: 'Deployment', name: 'nqba-api', uid: 'd' }],
  },
  spec: { template: template(`api:1.${revision}`) },
});
const sets = [set(1, '2026-11-24T01:00:00Z'), set(2, '2026-11-24T02:50:00Z')];
const held = { deployment: deployment({ template: template('api:1.2') }), sets };
const cluster = clusterOf(held);
const asked = { workloads: ['api'], before: '2026-11-24T03:00:00Z' };

test('without samples no revision is proposed, and the check says so with all that there are', async () => {
  const { facts } = await cluster.kubernetes.rollouts({ ...asked, backTo: true });
  assert.equal(facts?.rollout?.revision, 2);
  assert.equal(facts.backTo?.revision, null);
  assert.match(
    JSON.stringify(facts.backTo),
    /No revision of Deployment nqba-platform\/nqba-api is proposed\. Prometheus is not connected.*revision 1 \(api:1\.1\): no samples/,
  );
});

test('it is looked for only where it was asked for', async () => {
  const { facts } = await cluster.kubernetes.rollouts(asked);
  assert.equal(facts?.backTo, undefined);
});

/** Milliseconds that a check has for an attempt: `workflows/kit/words/activities.ts`. */
const attempt = 12_000;
const hangs = () => new Promise<Response>(() => undefined);

test('a webhook that hangs costs the check neither its attempt nor the rollout: the revision is left open', async () => {
  const clock = virtualClock();
  const fetch = async (request: Request) => (request.method === 'GET' ? fetchOf(held)(request) : hangs());
  const slow = activitiesWith({ kubernetes: { fetch } }, clock);
  const began = clock.now();
  const { facts } = await slow.kubernetes.rollouts({ ...asked, backTo: true });
  assert.ok(clock.now() - began < attempt, `it took ${clock.now() - began} ms`);
  assert.deepEqual([facts?.rollout?.revision, facts?.backTo], [2, undefined]);
});

test('a Prometheus that hangs leaves the check its attempt too', async () => {
  const clock = virtualClock();
  const prometheus = { url: 'http://prometheus', fetch: hangs };
  const slow = activitiesWith({ kubernetes: { fetch: fetchOf(held) }, prometheus }, clock);
  const began = clock.now();
  const { facts, evidence } = await slow.kubernetes.rollouts({ ...asked, alert: 'PlatformUnavailable', backTo: true });
  assert.ok(clock.now() - began < attempt, `it took ${clock.now() - began} ms`);
  assert.deepEqual([facts?.rollout?.revision, facts?.backTo], [2, undefined]);
  assert.match(evidence, /when its rule first held is not known\.$/);
});
