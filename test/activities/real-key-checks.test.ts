/** What is looked at of keys and policies, on a real API server: who holds which key, and evidence without any part of it. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import type { Finding } from '../../workflows/contract/index.ts';
import { eventually } from '../support/eventually.ts';
import { newKey, next, putSecret } from './rotation.ts';
import { at, type Stage, stage } from './stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(async () => {
  await on.reset();
  await on.you.remove(`${at.secrets}/${next}`).catch(() => undefined);
});
after(() => on.stop());

const inUse = 'dnx_practice_4f1c9a7e2b6d8035';
const worker = () => on.worker({ folder: crypto.randomUUID() });
const told = ({ verdict, evidence }: Finding) => `${verdict}: ${evidence}`;

test('a Secret with a key of its own is fine; the value is in no evidence', async () => {
  await putSecret(on, next, newKey);
  const { kubernetes, quantum } = worker();
  const named = await kubernetes.secret({ secret: next, differs: true });
  assert.match(
    told(named),
    /^healthy: Secret nqba-platform\/nqba-secrets-dynex-a, key dynex-api-key, last written 0 days ago, holds another key/,
  );
  await quantum.dynexKey({});
  on.set('dynex', 'unauthorised');
  const [used, tried] = [await quantum.dynexKey({}), await quantum.dynexKey({ secret: next })];
  assert.deepEqual([used.verdict, tried.verdict], ['faulty', 'healthy']);
  const [old, fresh] = [
    await quantum.dynexKey({ secret: 'nqba-secrets', revoked: true }),
    await quantum.dynexKey({ secret: next, revoked: true }),
  ];
  assert.deepEqual([old.verdict, fresh.verdict], ['healthy', 'faulty']);
  for (const part of [newKey, inUse]) assert.ok(!JSON.stringify([named, used, tried]).includes(part.slice(4, 10)));
});

for (const [what, key, evidence] of [
  ['the key in use', inUse, /holds the key that is in use \(Secret nqba-platform\/nqba-secrets, .*put the new one there/],
  ['no key', '', /is empty: put the key there/],
  ['a key and a new line', `${newKey}\n`, /begins or ends with white space/],
] as const)
  test(`a Secret with ${what} is faulty, and the evidence says what to do`, async () => {
    await putSecret(on, next, key);
    const finding = await worker().kubernetes.secret({ secret: next, differs: true });
    assert.equal(finding.verdict, 'faulty');
    assert.match(finding.evidence, evidence);
  });

test('a Secret under another field, one that is absent, and one that is not for keys are faulty; one that may not be read is unknown', async () => {
  await putSecret(on, next, newKey, 'other');
  const { kubernetes, quantum } = worker();
  assert.match(told(await kubernetes.secret({ secret: next })), /^faulty: .*is empty/);
  assert.match(told(await kubernetes.secret({ secret: 'nqba-secrets-dynex-b' })), /^faulty: .*does not exist\. Make it: kubectl/);
  assert.match(told(await quantum.dynexKey({ secret: 'kube-root' })), /^faulty: kube-root is not for keys/);
  const bob = on.worker({ kubeconfig: on.cluster.kubeconfigs.bob, folder: crypto.randomUUID() });
  assert.match(told(await bob.kubernetes.secret({ secret: next })), /^unknown: .*is forbidden/);
});

test('as installed all take one key, which Dynex accepts, and every pod started after it was written', async () => {
  const { quantum } = worker();
  const finding = await quantum.keyVersions({});
  const elsewhere = await quantum.keyVersions({ secret: next });
  assert.match(told(elsewhere), /^faulty: All take the key from nqba-secrets\/dynex-api-key, none from nqba-secrets-dynex-a\./);
  assert.deepEqual(finding.facts, { secrets: ['nqba-secrets'] });
  assert.match(
    told(finding),
    /^healthy: All take the key from nqba-secrets\/dynex-api-key\. All pods started after the key was written\. Dynex accepts/,
  );
});

test('a Secret written again leaves its former key in the pods, and the restart that fixes it is ready to paste', async () => {
  const { quantum } = worker();
  const write = (key: string) =>
    on.you.patch(`${at.secrets}/nqba-secrets`, { data: { 'dynex-api-key': Buffer.from(key).toString('base64') } });
  await eventually(async () => {
    await write(`dnx_written_at_${Date.now()}`);
    assert.equal((await quantum.keyVersions({})).verdict, 'faulty');
  });
  const { evidence } = await quantum.keyVersions({});
  await write(inUse);
  assert.match(evidence, /hold what was there before: 2 of nqba-worker, 1 of nqba-worker-batch, 3 of nqba-api\./);
  assert.match(
    evidence,
    /kubectl -n nqba-platform rollout restart deployment\/nqba-worker deployment\/nqba-worker-batch deployment\/nqba-api/,
  );
});

test('workloads that take the key from different places are faulty, and each is named', async () => {
  const env = [{ name: 'DYNEX_API_KEY', valueFrom: { secretKeyRef: { name: next } } }];
  await putSecret(on, next, newKey);
  await on.bob.patch(at.batch, { spec: { template: { spec: { containers: [{ name: 'worker', env }] } } } });
  assert.match(
    told(await worker().quantum.keyVersions({})),
    /faulty: The key is taken from different places: nqba-worker from nqba-secrets\/dynex-api-key, nqba-worker-batch from nqba-secrets-dynex-a/,
  );
});

test('policies that let everything out are healthy and named; without them none may reach Dynex, and which deny it is said', async () => {
  const { kubernetes } = worker();
  const workloads = ['api', 'worker', 'batch'] as const;
  const open = await kubernetes.networkPolicies({ workloads: [...workloads] });
  assert.match(
    told(open),
    /^healthy: nqba-api, nqba-worker, nqba-worker-batch may reach dynex:80 \(NetworkPolicy nqba-platform\/allow-egress\)/,
  );
  const { spec } = await on.you.get(`${at.policies}/allow-egress`);
  await on.you.remove(`${at.policies}/allow-egress`);
  const closed = await kubernetes.networkPolicies({ workloads: [...workloads] });
  await on.you.create(at.policies, { metadata: { name: 'allow-egress' }, spec });
  assert.match(
    told(closed),
    /^faulty: .* may not reach dynex:80: none of the policies that select its pods allows it \(NetworkPolicy nqba-platform\/default-deny\)/,
  );
  assert.match(closed.evidence, /firewalls and NAT outside the cluster are not/);
});
