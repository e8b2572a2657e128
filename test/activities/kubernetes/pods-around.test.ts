/** The pods around an alert that no runbook knows: what its labels name is compared with what the cluster lists, and never asked for. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { clusterOf, fetchOf, pod, unready } from './cluster-of.ts';
import { activitiesWith, virtualClock } from '../bare.ts';

const crashing = unready({ state: { waiting: { reason: 'CrashLoopBackOff' } } });

/** A pod of a ReplicaSet that a Deployment made, or of another owner. */
function made(name: string, namespace: string, owner: { kind: string; name: string }, status: object = {}) {
  const { metadata, ...rest } = pod(name, status);
  const labels = { 'pod-template-hash': '7c9d8f7b5' };
  return { ...rest, metadata: { ...metadata, namespace, labels, ownerReferences: [{ ...owner, uid: 'o' }] } };
}
const ofStorefront = { kind: 'ReplicaSet', name: 'storefront-7c9d8f7b5' };
const shop = [
  made('storefront-1', 'shop', ofStorefront, crashing),
  made('storefront-2', 'shop', ofStorefront),
  made('ledger-0', 'shop', { kind: 'StatefulSet', name: 'ledger' }),
  made('storefront-1', 'other', ofStorefront),
];

const around = (subject: string | undefined, namespace = 'shop') =>
  clusterOf({ pods: shop }).kubernetes.pods({ around: { namespace, subject } });

test('the pods of a workload that the labels name are judged, and it is named as the cluster has it', async () => {
  const { verdict, evidence, facts } = await around('Deployment shop/storefront');
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /^1 of 2 pods of Deployment shop\/storefront: storefront-1 CrashLoopBackOff/);
  assert.deepEqual(facts, { ready: 1, wanted: 2, unhealthy: 1, owner: 'Deployment shop/storefront' });
  assert.equal((await around('StatefulSet shop/ledger')).facts?.owner, 'StatefulSet shop/ledger');
});

test('a pod counts with those of its workload', async () => {
  assert.deepEqual(await around('Pod shop/storefront-2'), await around('Deployment shop/storefront'));
});

test('a name that is not there, or there in another namespace alone, leads to nothing but the namespace', async () => {
  for (const subject of [undefined, 'Pod shop/kube-state-metrics-0', 'Deployment shop/store', 'Deployment other/storefront']) {
    const { evidence, facts } = await around(subject);
    assert.match(evidence, /^1 of 3 pods of shop: storefront-1/);
    assert.equal(facts?.owner, undefined);
  }
  const { verdict, evidence } = await around('Deployment elsewhere/a', 'elsewhere');
  assert.deepEqual([verdict, evidence], ['unknown', 'The cluster has no pod in the namespace that the alert names.']);
});

test('no text of an alert is asked for, and a list that may not be read is unknown', async () => {
  const asked: string[] = [];
  const answers = fetchOf({ pods: shop });
  const fetch = (request: Request) => {
    asked.push(decodeURIComponent(request.url));
    return answers(request);
  };
  const { kubernetes } = activitiesWith({ kubernetes: { fetch } }, virtualClock());
  for (const namespace of ['shop', '../../secrets', 'a?fieldSelector=x'])
    await kubernetes.pods({ around: { namespace, subject: `Pod ${namespace}/storefront-9` } });
  assert.deepEqual(
    asked.filter(url => /secrets|fieldSelector=x|storefront-9/.test(url)),
    [],
  );
  const refused = await clusterOf({ forbidden: ['/pods'] }).kubernetes.pods({ around: { namespace: 'shop' } });
  assert.deepEqual([refused.verdict, /403.*Grant it/.test(refused.evidence)], ['unknown', true]);
});
