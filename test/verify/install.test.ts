/** The installation on a real API server: applied server-side by kubectl, examined as the ServiceAccount that it makes. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { clusterLines } from '../../worker/doctor/cluster.ts';
import { sightOf } from '../../worker/doctor/sight.ts';
import { clock } from '../../worker/clock.ts';
import { type Cluster, practiceCluster, writes } from '../support/cluster.ts';
import { nqba } from '../support/nqba.ts';

const root = join(import.meta.dirname, '../..');
let cluster: Cluster;
const folder = mkdtempSync(join(tmpdir(), 'nqba-install-'));

before(async () => void (cluster = await practiceCluster()));
after(() => cluster.stop());

const kubectl = async (...args: string[]) => {
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfigs.you };
  return (await promisify(execFile)('kubectl', args, { cwd: root, env })).stdout;
};
const install = () => kubectl('apply', '--server-side', '--force-conflicts', '-k', 'deploy/install');

/** The kubeconfig of whoever applied it, with a token of the ServiceAccount instead. */
async function asTheAccount(): Promise<string> {
  const config = z
    .looseObject({
      clusters: z.array(z.unknown()),
      contexts: z.array(z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string() }) })),
      'current-context': z.string(),
    })
    .parse(parse(await kubectl('config', 'view', '--raw', '--minify')));
  const token = (await kubectl('-n', 'nqba-platform', 'create', 'token', 'nqba-runbooks')).trim();
  const contexts = config.contexts.map(one => ({ ...one, context: { ...one.context, user: 'account' } }));
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, stringify({ ...config, contexts, users: [{ name: 'account', user: { token } }] }), { mode: 0o600 });
  return path;
}

test('every object is taken by the API server, and a second apply changes nothing that people set', async () => {
  const applied = await install();
  assert.equal(applied.trim().split('\n').length, 14);
  await kubectl(
    '-n',
    'nqba-platform',
    'patch',
    'configmap',
    'nqba-runbooks',
    '--type',
    'merge',
    '-p',
    '{"data":{"hold":"a test"}}',
  );
  await install();
  const held = await kubectl('-n', 'nqba-platform', 'get', 'configmap', 'nqba-runbooks', '-o', 'jsonpath={.data.hold}');
  assert.equal(held, 'a test');
  await kubectl('-n', 'nqba-platform', 'patch', 'configmap', 'nqba-runbooks', '--type', 'merge', '-p', '{"data":{"hold":null}}');
});

test('the doctor is green as that ServiceAccount, and has written nothing', async () => {
  const connections = { artifacts: { folder }, kubernetes: { kubeconfig: await asTheAccount() } };
  const config = { taskQueue: 'test', healthPort: 0, platform: await nqba(), rolesFile: 'roles.json', connections };
  const lines = await clusterLines(sightOf(config, clock));
  const rights = lines.filter(({ check }) => check === 'Rights');
  assert.match(rights.map(({ text }) => text).join(), /^this account may do all \d+ things that incidents need\.$/);
  // The practice platform has this fault on purpose.
  const faults = lines.filter(({ ok, check }) => !ok && !check.startsWith('nqba-worker-batch reads ConfigMap'));
  assert.deepEqual(faults, []);
  assert.deepEqual(await writes(cluster.auditLog, ['system:serviceaccount:nqba-platform:nqba-runbooks']), []);
});

test('a Pod of the Deployment is admitted, and the account may create none outside a dry run', async () => {
  const image = [
    'run',
    'probe',
    '--image=nqba-runbooks',
    '-n',
    'nqba-platform',
    '--as',
    'system:serviceaccount:nqba-platform:nqba-runbooks',
  ];
  await assert.rejects(kubectl(...image), /creates pods in dry runs only/);
  const deployed = await kubectl(
    '-n',
    'nqba-platform',
    'get',
    'deployment',
    'nqba-runbooks',
    '-o',
    'jsonpath={.spec.template.spec.containers[*].name}',
  );
  assert.equal(deployed, 'worker intake');
});
