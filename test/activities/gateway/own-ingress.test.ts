/** Routes of low priority that share their Ingress get one of their own on a real API server; who is refused then, in a real nginx. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Platform } from '../../../activities/platform.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { nginx, servedBy } from '../../support/nginx.ts';
import { because, done, planned } from '../outcomes.ts';
import { at, type Stage, stage } from '../stage.ts';
import { calm, ingressesOn, operatorApiWith } from './edge.ts';
import { noLongerShared, own, shared } from './own-ingress.ts';

let on: Stage;
let platform: Platform;
before(async () => {
  on = await stage();
});
beforeEach(async () => {
  await on.reset();
  await on.you.remove(at.lowPriority);
  await on.you.patch(at.hold, { data: { 'mode.api-rate-limit-exceeded': 'supervised' } });
  platform = await shared(on);
});
afterEach(() => noLongerShared(on));
after(() => on.stop());

function incident(given: Partial<Parameters<Stage['worker']>[0]> = {}) {
  const folder = crypto.randomUUID();
  const { operatorApi } = operatorApiWith(calm);
  const common = { folder, platform, connected: ['kubernetes'], systems: { operatorApi } };
  const worker = on.worker({ ...common, workflowType: 'apiRateLimitExceeded', ...given });
  let step = 0;
  const limit = (to: 'essential only' | 'reviewed', call: Partial<Call> = {}) =>
    worker.gateway.setLimit({ limit: to }, { key: `${folder}/Phase/Step/${(step += 1)}`, ...call });
  const approved = async (to: 'essential only' | 'reviewed' = 'essential only') =>
    done(await limit(to, { approved: planned(await limit(to, { dryRun: true })).digest }));
  const undo = ({ takeBack }: ReturnType<typeof done>) => {
    assert.ok(takeBack);
    return worker.kubernetes.takeBack({ takeBack }, { key: `${folder}/undo/${(step += 1)}` });
  };
  return { limit, approved, undo, worker };
}

const isThere = () =>
  on.you.get(own).then(
    () => true,
    () => false,
  );
const written = async () => (await on.writes()).map(({ what }) => what).filter(what => what.includes('ingresses/'));
const refuses = async (message: RegExp, type = 'Refused') => {
  const count = (await written()).length;
  await assert.rejects(incident().limit('essential only', { approved: 'whatever' }), { type, message });
  assert.equal((await written()).length, count);
};

test('people decide; then it is made with its limit, and undone it is gone: of the rest not a byte changes', async () => {
  const { spec } = await on.you.get(at.ingress);
  const { limit, approved, undo } = incident();
  const asked = await limit('essential only');
  assert.equal(because(asked), 'approval');
  assert.match(
    JSON.stringify(planned(asked).changes),
    /"routes","before":null,"after":"\/api\/v1\/qih\/batch, \/api\/v1\/exports, /,
  );
  assert.equal(await isThere(), false);
  const before = await written();
  const receipt = await approved();
  const made = await on.you.get(own);
  const [rule] = JSON.parse(JSON.stringify(made.spec)).rules;
  assert.deepEqual(
    rule.http.paths.map(({ path }: { path: string }) => path),
    ['/api/v1/qih/batch', '/api/v1/exports', '/api/v1/demos', '/api/v1/analytics'],
  );
  assert.equal(made.metadata.annotations['nginx.ingress.kubernetes.io/limit-rpm'], '60');
  assert.equal(made.metadata.labels['app.kubernetes.io/managed-by'], 'nqba-runbooks');
  done(await undo(receipt));
  assert.equal(await isThere(), false);
  assert.deepEqual((await written()).slice(before.length), [
    'patch ingresses/nqba-platform-own',
    'delete ingresses/nqba-platform-own',
  ]);
  assert.deepEqual((await on.you.get(at.ingress)).spec, spec);
  assert.deepEqual(done(await undo(receipt)).changes, []);
});

test('two incidents limit: the last to let go removes it; as reviewed an incident lets go', async () => {
  const [one, other] = [incident(), incident()];
  const receipt = await one.approved();
  await other.approved();
  done(await one.undo(receipt));
  assert.equal(await isThere(), true);
  await other.approved('reviewed');
  assert.equal(await isThere(), false);
});

test('someone else has given it other routes since: undo asks first', async () => {
  const { approved, undo } = incident();
  const receipt = await approved();
  const { spec } = await on.you.get(own);
  const [rule] = JSON.parse(JSON.stringify(spec)).rules;
  await on.bob.patch(own, {
    spec: { rules: [{ ...rule, http: { paths: [...rule.http.paths, { ...rule.http.paths[0], path: '/x' }] } }] },
  });
  const outcome = await undo(receipt);
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /Someone else has changed routes of Ingress/);
});

test('where the routes cannot be told apart, or another tool owns the Ingress, it is refused', async () => {
  const { spec } = await on.you.get(at.ingress);
  const [rule] = JSON.parse(JSON.stringify(spec)).rules;
  const [root] = rule.http.paths;
  await on.bob.patch(at.ingress, {
    spec: { rules: [{ ...rule, http: { paths: [root, { ...root, path: '/api/v1/exports' }] } }] },
  });
  await refuses(/has \/api\/v1\/exports among others already/);
  await on.bob.patch(at.ingress, { spec: { rules: [{ ...rule, http: { paths: [{ ...root, path: '/shop' }] } }] } });
  await refuses(/serves none of the routes of low priority/);
  await on.bob.patch(at.ingress, { spec });
  for (const [metadata, says] of [
    [
      { annotations: { 'nginx.ingress.kubernetes.io/use-regex': 'true' } },
      /annotation use-regex, so its paths cannot be told apart/,
    ],
    [{ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, /Helm owns Ingress nqba-platform-ingress/],
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'nqba:x' } }, /Argo CD owns Ingress nqba-platform-ingress/],
  ] as const) {
    await on.bob.patch(at.ingress, { metadata });
    await refuses(says);
    const nothing = Object.fromEntries(
      Object.entries(metadata).map(([of, all]) => [of, Object.fromEntries(Object.keys(all).map(key => [key, null]))]),
    );
    await on.bob.patch(at.ingress, { metadata: nothing });
  }
});

test('one of that name that is not ours is not touched', async () => {
  const { spec } = await on.you.get(at.ingress);
  await on.you.create(own.slice(0, own.lastIndexOf('/')), { metadata: { name: 'nqba-platform-own' }, spec });
  await refuses(/is there already, and no change of ours made it/);
});

test('in a real nginx routes of low priority are limited for each client: essential routes and a second client are not', {
  skip: nginx === undefined && 'nginx is not installed',
}, async () => {
  await incident().approved();
  const serving = await ingressesOn(on, [at.ingress, own]);
  await servedBy(
    serving,
    async ({ calls }) => {
      const [one, other] = ['203.0.113.7', '198.51.100.10'];
      const { 200: passed = 0, 429: limited = 0 } = await calls(one, '/api/v1/exports/daily', 200);
      assert.ok(passed >= 121 && passed < 150 && passed + limited === 200, `${passed} passed, ${limited} refused`);
      for (const path of ['/api/v1/auth/login', '/api/v1/qih/jobs/job-1', '/health', '/api/v1/usage'])
        assert.deepEqual(await calls(one, path, 60), { 200: 60 }, path);
      assert.deepEqual(await calls(other, '/api/v1/exports/daily', 100), { 200: 100 });
    },
    { limitReqStatus: 429 },
  );
});
