/** A platform description is either right or says where it is wrong. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { parsePlatform, platformJsonSchema, quantumWorkloads, readPlatform, stagesOf } from '../../activities/platform.ts';

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
    ({ message }: Error) => ['times.pace', 'roles.primary', 'workloads.batch'].every(path => message.includes(path)),
  );
});

test('a file that is no JSON is named', async () => {
  await assert.rejects(readPlatform('package-lock.json'), /^Error: package-lock\.json: The platform description/);
});
