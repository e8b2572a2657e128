/** A platform description is either right or says where it is wrong. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { parsePlatform, platformJsonSchema, quantumWorkloads, readPlatform, stagesOf } from '../../activities/platform.ts';
import { promql } from '../../activities/queries.ts';

const nqba = async () => JSON.parse(await readFile('platform.json', 'utf8'));

test('the NQBA platform is described', async () => {
  const platform = await readPlatform('platform.json');
  assert.deepEqual(
    quantumWorkloads(platform).map(({ namespace, name }) => `${namespace}/${name}`),
    ['nqba-platform/nqba-worker', 'nqba-platform/nqba-worker-batch'],
  );
});

test('platform.schema.json is the one that the code means', async () => {
  const written = JSON.parse(await readFile('platform.schema.json', 'utf8'));
  assert.deepEqual(written, JSON.parse(JSON.stringify(platformJsonSchema())), 'run: node activities/schema.ts');
});

test('an unknown key is refused by its path', async () => {
  const given = await nqba();
  given.quantum.fallbakc = {};
  assert.throws(() => parsePlatform(given), /quantum: .*fallbakc/);
});

test('jobs that return by a share need the key that pods read, and then return in stages', async () => {
  const given = await nqba();
  assert.equal(stagesOf(parsePlatform(given).quantum), undefined);
  given.quantum.ramp = 'runtime';
  assert.throws(() => parsePlatform(given), /quantum\.share: "runtime" needs the key that pods read while they run/);
  given.quantum.share = { key: 'QUANTUM_SHARE_PERCENT' };
  assert.deepEqual(
    stagesOf(parsePlatform(given).quantum)?.map(({ percent }) => percent),
    [10, 25, 50, 100],
  );
});

test('every fault is named at once', async () => {
  const given = await nqba();
  given.times.pace = 0;
  given.roles.primary = { pagerduty: 'a routing key by mistake' };
  delete given.workloads.batch;
  assert.throws(
    () => parsePlatform(given),
    ({ message }: Error) =>
      ['times.pace', 'roles.primary', 'quantum.workloads: batch is not among workloads, which has api, worker'].every(path =>
        message.includes(path),
      ),
  );
});

test('names that nothing has, and one object under two names, are named with what there is', async () => {
  const given = await nqba();
  given.workloads.web = { ...given.workloads.api, namespace: 'shop', configMap: 'settings' };
  given.workloads.again = given.workloads.batch;
  given.hold.namespace = 'shop';
  given.quantum.configMap = 'settings';
  given.quantum.share = { key: 'SHARE', polledBy: ['web', 'night'] };
  assert.throws(
    () => parsePlatform(given),
    ({ message }: Error) => {
      for (const fault of [
        'workloads.web.namespace: shop is not among namespaces, which has platform, monitoring',
        'workloads.web.configMap: settings is not among configMaps, which has quantum',
        'hold.namespace: shop is not among namespaces, which has platform, monitoring',
        'quantum.configMap: settings is not among configMaps, which has quantum',
        'quantum.share.polledBy: night is not among workloads, which has api, worker, batch, web, again',
        'workloads.again: Deployment nqba-platform/nqba-worker-batch is workloads.batch already',
      ])
        assert.ok(message.includes(fault), `${fault}\nis not in\n${message}`);
      return true;
    },
  );
});

test('an allow list of labelled workloads names namespaces and kinds that there are', async () => {
  const given = await nqba();
  given.labelledWorkloads = [
    { namespace: 'shop', kinds: ['Deployment'] },
    { namespace: 'platform', kinds: [] },
    { namespace: 'platform', kinds: ['Pod'] },
  ];
  assert.throws(() => parsePlatform(given), /labelledWorkloads\.1\.kinds: [^]*labelledWorkloads\.2\.kinds\.0: /);
  given.labelledWorkloads.splice(1);
  assert.throws(() => parsePlatform(given), /labelledWorkloads\.0\.namespace: shop is not among namespaces, which has platform/);
});

test('a platform has at least one workload and one namespace, and a query is one of ours', async () => {
  const given = await nqba();
  const without = { ...given, workloads: {}, namespaces: {}, queries: { 'jobs eaten': 'up' } };
  assert.throws(
    () => parsePlatform(without),
    ({ message }: Error) =>
      ['workloads: describe at least one', 'namespaces: describe at least one', 'queries: '].every(part =>
        message.includes(part),
      ),
  );
});

test('a query of the platform takes the place of ours, with the same values filled in', () => {
  const queries = { 'api calls': 'sum(increase(calls{app="$job", path!~"/health$"}[$window]))' };
  assert.equal(
    promql(queries, 'api calls', { window: 90_000, job: 'front' }),
    'sum(increase(calls{app="front", path!~"/health$"}[90s]))',
  );
  assert.equal(promql({}, 'api calls', { window: 1, job: 'front' }), 'sum(increase(http_requests_total{job="front"}[1s]))');
});

test('a file that is no JSON is named', async () => {
  await assert.rejects(readPlatform('package-lock.json'), /^Error: package-lock\.json: The platform description/);
});

test('reviewed prices are never negative, each version stands there once, and in their order', async () => {
  const given = await nqba();
  const [list = assert.fail()] = given.billing?.prices ?? [];
  const withPrices = (prices: object[]) => parsePlatform({ ...given, billing: { ...given.billing, prices } });
  assert.throws(() => withPrices([{ ...list, plans: { business: -1 } }]), /billing\.prices\.0\.plans\.business/);
  assert.throws(() => withPrices([list, { ...list, from: '2026-01-01T00:00:00Z' }]), /each version stands there once/);
  assert.throws(() => withPrices([list, { ...list, version: 'older', from: '2020-01-01T00:00:00Z' }]), /order them by `from`/);
});
