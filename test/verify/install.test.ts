/** The installation on a real API server: applied server-side by kubectl, examined as the ServiceAccount that it makes. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Platform } from '../../activities/platform.ts';
import { workloadKinds } from '../../activities/platform-schema.ts';
import { dynexOutage } from '../../lab/guide/dynex-outage.ts';
import { guide } from '../../lab/guide/guide.ts';
import { manifests } from '../../lab/kubernetes/manifests.ts';
import { clusterLines } from '../../worker/doctor/cluster.ts';
import { rightsLines } from '../../worker/doctor/rights.ts';
import { sightOf } from '../../worker/doctor/sight.ts';
import { clock } from '../../worker/clock.ts';
import { roleManifests } from '../../worker/role-manifests.ts';
import { kubectl as client } from '../activities/stage.ts';
import { eventually } from '../support/eventually.ts';
import { nqba } from '../support/nqba.ts';
import { everyone, Platform as Practice } from '../support/practice.ts';
import { inWords, type Role, rolesIn, type Rule, singly } from '../support/role-rules.ts';

const root = join(import.meta.dirname, '../..');
const account = 'system:serviceaccount:nqba-platform:nqba-runbooks';
let on: Practice;
let cluster: Practice['practice']['cluster'];
const folder = mkdtempSync(join(tmpdir(), 'nqba-install-'));

before(async () => {
  on = await Practice.start();
  ({ cluster } = on.practice);
});
after(() => on?.stop());

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
  const since = new Date();
  const connections = { artifacts: { folder }, kubernetes: { kubeconfig: await asTheAccount() } };
  const config = { taskQueue: 'test', healthPort: 0, platform: await nqba(), rolesFile: 'roles.json', connections };
  const lines = await clusterLines(sightOf(config, clock));
  const rights = lines.filter(({ check }) => check === 'Rights');
  assert.match(rights.map(({ text }) => text).join(), /^this account may do all \d+ things that incidents need\.$/);
  // The practice platform has this fault on purpose.
  const faults = lines.filter(({ ok, check }) => !ok && !check.startsWith('nqba-worker-batch reads ConfigMap'));
  assert.deepEqual(faults, []);
  assert.deepEqual(await on.writes(since, [account, 'nqba-runbooks']), []);
});

/** What the guide expects, with the ServiceAccount as the worker. */
function expectedOfTheAccount(): string {
  const file = join(folder, 'expected.json');
  writeFileSync(file, readFileSync(dynexOutage.expected, 'utf8').replaceAll('"user": "nqba-runbooks"', `"user": "${account}"`));
  return file;
}

test('the guided incident closes under that ServiceAccount, whose Roles refuse it no write', async () => {
  await kubectl('-n', 'nqba-platform', 'delete', 'rolebinding', 'nqba-runbooks-practice');
  await kubectl('delete', 'clusterrolebinding', 'nqba-runbooks-nodes-practice');
  copyFileSync(await asTheAccount(), cluster.kubeconfigs.worker);
  await on.killWorker();
  const since = new Date();
  const lines: string[] = [];
  const scenario = { ...dynexOutage, users: [account, ...everyone], expected: expectedOfTheAccount() };
  await guide({ practice: on.practice, yes: true, say: line => lines.push(line), scenario });
  assert.match(lines.join('\n'), /Closed: recovered\./);
  assert.match(lines.at(-1) ?? '', /5 writes, 16 messages, exactly the expected\.$/);
  assert.doesNotMatch(lines.join('\n'), /forbidden|may not (get|list|patch|create)/);
  assert.equal((await on.writes(since, [account])).length, 4);
});

const roles = await manifests(join(root, 'deploy/kubernetes')).then(rolesIn);

/** As the ServiceAccount; the API server learns of a changed Role a moment later. */
async function eventuallyLacking(platform: Platform, kubeconfig: string, judge: (lines: string[]) => void) {
  const connections = { artifacts: { folder }, kubernetes: { kubeconfig } };
  const sight = sightOf({ taskQueue: 'test', healthPort: 0, platform, rolesFile: 'roles.json', connections }, clock);
  await eventually(async () => judge((await rightsLines(sight)).flatMap(({ ok, text }) => (ok ? [] : [text]))), {
    within: 20_000,
    every: 20,
  });
}

function setRules(role: Role, rules: Rule[]) {
  const { namespace, name } = role.metadata;
  const place = namespace === undefined ? 'clusterroles' : `namespaces/${namespace}/roles`;
  const path = `/apis/rbac.authorization.k8s.io/v1/${place}/${name}`;
  return client(cluster.kubeconfigs.you, 'you').replace(path, { ...role, rules });
}

/** Each of its permissions is taken out alone; the next one only once the doctor has named it, and nothing that is still given. */
async function eachAlone(role: Role, rules: Rule[], { platform, kubeconfig }: { platform: Platform; kubeconfig: string }) {
  const single = singly(role.rules);
  for (const rule of rules) {
    await setRules(
      role,
      single.filter(one => !isDeepStrictEqual(one, rule)),
    );
    const missing = `this account may not ${inWords(rule, role)}`;
    await eventuallyLacking(platform, kubeconfig, lines => {
      assert.ok(
        lines.some(line => line.startsWith(missing)),
        `${missing}\nis not in\n${lines.join('\n')}`,
      );
      const wanted = inWords({ ...rule, resourceNames: undefined }, role).replace(/ in .*$/, '');
      for (const line of lines) assert.ok(line.startsWith(`this account may not ${wanted}`), `${line}\nbeside\n${missing}`);
      for (const line of lines) assert.match(line, / (?:Needed by [A-Z]|No runbook here needs it)/);
    });
  }
  await setRules(role, role.rules);
  await eventuallyLacking(platform, kubeconfig, lines => assert.deepEqual(lines, []));
}

test('each rule that is taken out of a Role is named by the doctor, with each object and verb', async () => {
  await install();
  const [kubeconfig, platform] = [await asTheAccount(), await nqba()];
  for (const role of roles) {
    for (const rule of role.rules) {
      await setRules(
        role,
        role.rules.filter(one => one !== rule),
      );
      await eventuallyLacking(platform, kubeconfig, lines => {
        for (const single of singly([rule]))
          assert.ok(
            lines.some(line => line.startsWith(`this account may not ${inWords(single, role)}`)),
            inWords(single, role),
          );
      });
    }
    await setRules(role, role.rules);
    await eventuallyLacking(platform, kubeconfig, lines => assert.deepEqual(lines, []));
  }
});

test('so is each single permission that is taken out, with the runbooks that need it', async () => {
  const [kubeconfig, platform] = [await asTheAccount(), await nqba()];
  for (const role of roles) await eachAlone(role, singly(role.rules), { platform, kubeconfig });
});

test('the same of an Ingress of our own, and of workloads that only an alert names', async () => {
  const shipped = await nqba();
  assert.ok(shipped.gateway?.ingress);
  const gateway = { ...shipped.gateway, ingress: { ...shipped.gateway.ingress, own: 'nqba-platform-own' } };
  const labelledWorkloads = [{ namespace: 'platform', kinds: [...workloadKinds] }];
  const platform: Platform = { ...shipped, gateway, labelledWorkloads };
  const printed = roleManifests(platform, { kind: 'ServiceAccount', namespace: 'nqba-platform', name: 'nqba-runbooks' });
  const role = rolesIn(printed).find(({ kind }) => kind === 'Role');
  assert.ok(role);
  const known = roles.flatMap(({ rules }) => singly(rules));
  const added = singly(role.rules).filter(rule => !known.some(one => isDeepStrictEqual(one, rule)));
  // Deployments are read and listed anyway.
  assert.equal(added.length, 4 + 3 * 3 - 2);
  await eachAlone(role, added, { platform, kubeconfig: await asTheAccount() });
  await install();
});

test('with versions the tag of the image is the build id of each worker', async () => {
  for (const [folder, name] of [
    ['deploy/versions', 'nqba-runbooks'],
    ['deploy/versions/previous', 'nqba-runbooks-previous'],
  ] as const) {
    await kubectl('apply', '--server-side', '--force-conflicts', '-k', folder);
    const worker = '{.spec.template.spec.containers[0]';
    const path = `${worker}.image} ${worker}.env[?(@.name=="WORKER_DEPLOYMENT")].value} ${worker}.env[?(@.name=="WORKER_BUILD_ID")].value}`;
    const found = await kubectl('-n', 'nqba-platform', 'get', 'deployment', name, '-o', `jsonpath=${path}`);
    assert.match(found, /^nqba-runbooks:(\S+) nqba-runbooks \1$/);
  }
  await kubectl('delete', '-k', 'deploy/versions/previous');
  await install();
});

test('a Pod of the Deployment is admitted, and the account may create none outside a dry run', async () => {
  const probe = ['run', 'probe', '--image=nqba-runbooks', '-n', 'nqba-platform', '--as', account];
  await assert.rejects(kubectl(...probe), /creates pods in dry runs only/);
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
