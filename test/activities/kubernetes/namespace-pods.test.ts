/** Every pod of a namespace or of the cluster, whatever made it: finished ones are no fault, and restarted ones are not well yet. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { clusterOf, pod, unready } from './cluster-of.ts';

const pods = (...pods: object[]) => clusterOf({ pods }).kubernetes.pods({ namespaces: 'all' });
const owned = (kind: string, status: object) => ({
  ...pod('backup', status),
  metadata: { name: 'backup', namespace: 'nqba-platform', ownerReferences: [{ kind, name: 'backup', uid: 'j' }] },
});
const crashing = unready({
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-24T02:58:00Z' } },
});
const ended = (finishedAt: string) => ({
  containerStatuses: [{ name: 'api', ready: true, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt } } }],
});

test('pods that are ready are healthy, and those of finished Jobs are not counted', async () => {
  const { verdict, evidence, facts } = await pods(
    pod('a'),
    pod('b'),
    owned('Job', { phase: 'Succeeded', conditions: [] }),
    owned('Job', { phase: 'Failed', conditions: [] }),
  );
  assert.deepEqual([verdict, facts], ['healthy', { ready: 2, wanted: 2, unhealthy: 0 }]);
  assert.equal(evidence, 'All 2 pods of the cluster are ready (2 finished or ending).');
});

test('a pod that runs and is not ready is named with its reason, and so is one that an eviction left', async () => {
  const evicted = owned('ReplicaSet', { phase: 'Failed', reason: 'Evicted', conditions: [], containerStatuses: [] });
  const { verdict, evidence, facts } = await pods(pod('a'), pod('grafana-5', crashing), evicted);
  assert.deepEqual([verdict, facts], ['faulty', { ready: 1, wanted: 3, unhealthy: 2 }]);
  assert.match(evidence, /^2 of 3 pods of the cluster: nqba-platform\/grafana-5 CrashLoopBackOff since 02:11 UTC: exit 137 OOMKilled; nqba-platform\/backup Evicted/);
});

test('a pod that restarted in the last 15 minutes is not well yet, though it is ready', async () => {
  const late = await pods(pod('a', ended('2026-11-24T02:50:00Z')));
  assert.deepEqual(
    [late.verdict, late.evidence],
    ['faulty', '1 of 1 pods of the cluster: nqba-platform/a restarted at 02:50 UTC: exit 137 OOMKilled.'],
  );
  assert.equal((await pods(pod('a', ended('2026-11-24T02:40:00Z')))).verdict, 'healthy');
});

test('a pod that came a minute ago may still start; ten names at most, the others are counted', async () => {
  const young = pod('young', { phase: 'Pending', conditions: [] });
  const { metadata } = young;
  const begun = { ...young, metadata: { ...metadata, creationTimestamp: '2026-11-24T02:59:00Z' } };
  assert.equal((await pods(begun)).verdict, 'healthy');
  const many = Array.from({ length: 13 }, (_, index) => pod(`p${index}`, crashing));
  const { evidence } = await clusterOf({ pods: many }).kubernetes.pods({ namespaces: 'monitoring' });
  assert.match(evidence, /^13 of 13 pods of monitoring: p0, p1, .*, p9 CrashLoopBackOff.*; and 3 more\.$/);
});

test('no pod, no right to list them, and a namespace that is not described are unknown, with what to do', async () => {
  const none = await clusterOf({}).kubernetes.pods({ namespaces: 'monitoring' });
  assert.deepEqual([none.verdict, /^monitoring has no pod: verify/.test(none.evidence)], ['unknown', true]);
  const refused = await clusterOf({ forbidden: ['/pods'] }).kubernetes.pods({ namespaces: 'monitoring' });
  assert.deepEqual([refused.verdict, /403.*Grant it/.test(refused.evidence)], ['unknown', true]);
  const other = await clusterOf({}).kubernetes.pods({ namespaces: 'elsewhere' });
  assert.deepEqual([other.verdict, /no namespace elsewhere: it has platform, monitoring/.test(other.evidence)], ['unknown', true]);
});
