/** `runbooks init` on a real API server: what it writes is taken by the doctor, and the audit log has nothing of it. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { readPlatform } from '../../activities/platform.ts';
import { outputs } from '../../client/cli/outputs.ts';
import { manifests } from '../../lab/kubernetes/manifests.ts';
import { runbooks } from '../client/command-line.ts';
import { apply } from '../support/apply.ts';
import { eventually } from '../support/eventually.ts';
import { nqba } from '../support/nqba.ts';
import { everyone, Platform } from '../support/practice.ts';

let practice: Platform;
const folder = mkdtempSync(join(tmpdir(), 'runbooks-init-'));

before(async () => {
  practice = await Platform.start();
  await applyAll('examples/foreign-shop');
});
after(() => practice?.stop());

const environment = (more: Record<string, string> = {}) => {
  const { RUNBOOKS_PLATFORM: _, ...others } = practice.environment;
  return { ...others, KUBECONFIG: practice.practice.cluster.kubeconfigs.you, ...more };
};
const shell = (more: Record<string, string> = {}) => runbooks(environment(more));
const prometheus = () => practice.environment.PROMETHEUS_URL ?? '';

const applyAll = async (from: string) => apply(practice.practice.cluster.kubeconfigs.you, await manifests(from));

/** As a person does who was told that the channel is not known from here. */
function nameTheChannel(file: string) {
  const { channels } = z
    .looseObject({ channels: z.object({ incidents: z.string() }) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, readFileSync(file, 'utf8').replace(JSON.stringify(channels.incidents), '"#nqba-incidents"'));
}

async function grantRights(file: string) {
  const { stdout, code, stderr } = await shell({ RUNBOOKS_PLATFORM: file })('rights', '--user', 'nqba-runbooks');
  assert.equal(code, 0, stderr);
  const printed = mkdtempSync(join(tmpdir(), 'rights-'));
  writeFileSync(join(printed, 'rights.yaml'), stdout);
  await applyAll(printed);
}

/** Lines of the doctor that are faults, of the cluster and the description alone. */
async function faults(file: string): Promise<string[]> {
  const { stdout, stderr } = await shell({ RUNBOOKS_PLATFORM: file })('doctor', '-o', 'json');
  assert.equal(stderr.includes('not valid'), false, stderr);
  const { checks } = outputs.doctor.parse(JSON.parse(stdout));
  return checks.filter(({ ok }) => !ok).map(({ check, text }) => `${check}: ${text}`);
}

async function proposed(file: string, ...more: string[]) {
  const { stdout, stderr, code } = await shell()(
    'init',
    '--prometheus',
    prometheus(),
    '--write',
    file,
    '--force',
    '-o',
    'json',
    ...more,
  );
  assert.equal(code, 0, stderr);
  const { marks } = outputs.init.parse(JSON.parse(stdout));
  return { platform: await readPlatform(file), marks: marks.map(({ field, is, text }) => `${is} ${field}: ${text}`) };
}

test('of the practice platform it finds what its own description says', async () => {
  const since = new Date();
  const file = join(folder, 'nqba.json');
  const wanted = await nqba();
  const { platform, marks } = await eventually(async () => {
    const found = await proposed(file, '--namespace', 'nqba-platform');
    assert.deepEqual(found.platform.quantum?.workloads, wanted.quantum.workloads);
    assert.deepEqual(found.platform.quantum?.solvers.dynex, wanted.quantum.solvers.dynex);
    return found;
  });
  assert.equal(platform.cluster, wanted.cluster);
  for (const role of ['api', 'worker', 'batch'] as const) {
    const { selector, namespace: _, configMap: __, ...described } = wanted.workloads[role];
    const found = platform.workloads[role];
    assert.deepEqual({ ...found, selector: { ...found?.selector, ...selector } }, { ...found, ...described });
  }
  assert.equal(platform.workloads['worker']?.configMap, 'quantum');
  assert.equal(platform.workloads['batch']?.configMap, undefined);
  assert.equal(platform.hold.name, wanted.hold.name);
  const { rotation: _, ...key } = wanted.quantum.key;
  assert.deepEqual({ ...platform.quantum?.key, namespace: 'platform', rotation: [] }, { ...key, rotation: [] });
  const said = marks.join('\n');
  for (const words of [
    'confirm workloads.api: nqba-platform/nqba-api, by its name',
    'confirm quantum.workloads: batch does not read the setting, so no circuit breaker moves its jobs',
    'missing certificates: left out: their expiry is checked where the worker may read nqba-platform/nqba-platform-tls',
    'missing gateway: left out, though there is Ingress nqba-platform/nqba-platform-ingress',
    'missing billing: left out, though there is CronJob nqba-platform/nqba-billing-charge',
    'missing channels.incidents',
  ])
    assert.ok(said.includes(words), `${words}\nis not in\n${said}`);
  assert.deepEqual(await practice.writes(since, everyone), []);
  nameTheChannel(file);
  const really = 'nqba-worker-batch reads ConfigMap nqba-platform/nqba-config: no: no circuit breaker moves its jobs.';
  await eventually(async () => assert.deepEqual(await faults(file), [really]));
});

test('of a platform that has nothing of it, the doctor takes what was written, and no section is made up', async () => {
  const since = new Date();
  const file = join(folder, 'shop.json');
  const { platform, marks } = await proposed(file, '--namespace', 'shop');
  const wanted = await readPlatform('examples/foreign-shop/platform.json');
  assert.deepEqual(platform.workloads, wanted.workloads);
  assert.deepEqual([platform.hold, platform.configMaps, platform.quantum], [wanted.hold, {}, undefined]);
  const said = marks.join('\n');
  assert.match(said, /^confirm workloads\.storefront\.container: the first of web, log-shipper$/m);
  assert.match(said, /^missing workloads\.api: no workload is called so/m);
  assert.doesNotMatch(said, /quantum\./);
  assert.deepEqual(await practice.writes(since, everyone), []);
  nameTheChannel(file);
  await grantRights(file);
  await eventually(async () => assert.deepEqual(await faults(file), []));
});

test('a file that is there stays, unless it is to be replaced', async () => {
  const file = join(folder, 'kept.json');
  writeFileSync(file, 'mine');
  const { code, stderr } = await shell()('init', '--namespace', 'shop', '--write', file);
  assert.equal(code, 4);
  assert.match(stderr, /exists already, so nothing was written\. To replace it, add --force\./);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  const replaced = await shell()('init', '--namespace', 'shop', '--write', file, '--force');
  assert.equal(replaced.code, 0, replaced.stderr);
  assert.match(replaced.stdout, /queries: Prometheus was not asked: name it with --prometheus/);
  assert.equal((await readPlatform(file)).namespaces['shop'], 'shop');
});

test('without a namespace all are described but those of the cluster, and what may not be read is told', async () => {
  const { stdout, code } = await shell()('init', '-o', 'json');
  assert.equal(code, 0);
  const { description } = outputs.init.parse(JSON.parse(stdout));
  assert.deepEqual(description['namespaces'], { 'nqba-platform': 'nqba-platform', shop: 'shop' });
  const worker = { KUBECONFIG: practice.practice.cluster.kubeconfigs.worker };
  const refused = await shell(worker)('init');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /forbidden.*Name namespaces that you may read: --namespace shop/);
});
