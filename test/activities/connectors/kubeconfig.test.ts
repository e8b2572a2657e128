// A kubeconfig is read as kubectl reads it, again when it changes; its plugins are bounded; its errors name what to do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { connectKubernetes, type KubernetesConfig } from '../../../activities/connectors/kubernetes.ts';
import { destinationOf } from '../../../activities/connectors/kubeconfig.ts';
import { pods } from '../../../activities/connectors/resources.ts';
import { eventually } from '../../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-kubeconfig-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const never = () => new Promise<void>(() => undefined);
const connect = (config: KubernetesConfig) => connectKubernetes(config, { now: Date.now, sleep: never });
const read = (config: KubernetesConfig) => connect(config).read(pods, { namespace: 'default', name: 'x' });

function file(name: string, content: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const cluster = (server: string, name = 'east') => ({
  clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
});
const user = (user: object, name = 'ann') => ({ users: [{ name, user }] });
const context = (name = 'east') => ({ contexts: [{ name, context: { cluster: name, user: 'ann' } }], 'current-context': name });

/** An API server that lets in who has the token, and says who asked. */
async function apiServer(t: TestContext, accepted: () => string) {
  const tokens: (string | undefined)[] = [];
  const server = createServer(({ headers }, answer) => {
    tokens.push(headers.authorization);
    const isIn = headers.authorization === `Bearer ${accepted()}`;
    answer.writeHead(isIn ? 200 : 401, { 'content-type': 'application/json' });
    answer.end(
      JSON.stringify(isIn ? { metadata: { name: 'x' }, spec: { containers: [] } } : { kind: 'Status', message: 'Unauthorized' }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  return { tokens, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

test('without KUBECONFIG, a kubeconfig at home or the account of a Pod, the variable to set is named', async () => {
  delete process.env.KUBECONFIG;
  process.env.HOME = mkdtempSync(join(folder, 'home-'));
  await assert.rejects(read({}), (error: Error) => {
    assert.match(error.message, /KUBECONFIG is not set, and there is no ~\/\.kube\/config/);
    assert.doesNotMatch(error.message, /skipTLSVerify/);
    return true;
  });
});

test('several files are one: the first to name a thing wins, and one that is absent is skipped', async t => {
  const { url, tokens } = await apiServer(t, () => 'first');
  const list = [
    join(folder, 'absent'),
    file('a', { ...cluster(url), ...user({ token: 'first' }) }),
    file('empty', ''),
    file('b', { ...cluster('http://127.0.0.1:1'), ...user({ token: 'second' }), ...context() }),
  ].join(':');
  await read({ kubeconfig: list });
  assert.deepEqual(tokens, ['Bearer first']);
  assert.deepEqual(await destinationOf({ kubeconfig: list }), { context: 'east', cluster: 'east', server: url, isPod: false });
});

test('a kubeconfig that appears, and one that is renewed, need no restart', async t => {
  let accepted = 'one';
  const { url } = await apiServer(t, () => accepted);
  const kubeconfig = join(folder, 'later');
  const { read } = connect({ kubeconfig });
  const x = { namespace: 'default', name: 'x' };
  await assert.rejects(read(pods, x), /KUBECONFIG names .*later, which is not there/);
  file('later', { ...cluster(url), ...user({ token: 'one' }), ...context() });
  await read(pods, x);
  accepted = 'another';
  file('later', { ...cluster(url), ...user({ token: 'another' }), ...context() });
  await read(pods, x);
});

test('paths in a file are meant from its folder, and a token may lie in one', async t => {
  const { url } = await apiServer(t, () => 'in a file');
  file('token', 'in a file');
  await read({ kubeconfig: file('by-file', { ...cluster(url), ...user({ tokenFile: 'token' }), ...context() }) });
});

test('a file that is none, a context and a cluster that are not there are named, and no content is quoted', async () => {
  await assert.rejects(read({ kubeconfig: file('broken', 'users: [hush\n  - {') }), (error: Error) => {
    assert.match(error.message, /broken is no kubeconfig/);
    assert.doesNotMatch(error.message, /hush/);
    return true;
  });
  const whole = file('whole', { ...cluster('http://127.0.0.1:1'), ...user({}), ...context() });
  await assert.rejects(read({ kubeconfig: whole, context: 'west' }), /has no context west/);
  const without = file('without', { ...user({}), ...context() });
  await assert.rejects(read({ kubeconfig: without }), /has no cluster east with a server/);
});

function plugin(name: string, script: string): object {
  const command = file(name, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args: ['token'], interactiveMode: 'Never' } };
}

/** A shell's word for the token. */
const credential = (token: string) => `printf '{"kind":"ExecCredential","status":{"token":"%s"}}' "${token}"`;

test('a credential plugin that hangs is given up in one sentence, and killed with what it started', async () => {
  const pids = join(folder, 'pids');
  const hanging = plugin('hanging', `sleep 600 & echo $! > ${pids}; echo $$ >> ${pids}; wait`);
  const kubeconfig = file('hangs', { ...cluster('http://127.0.0.1:1'), ...user(hanging), ...context() });
  await assert.rejects(
    read({ kubeconfig, pluginWithin: 500 }),
    /^SystemError: Kubernetes cannot be reached: The credential plugin \S+hanging gave no answer within 0\.5 s$/,
  );
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  assert.equal(started.length, 2);
  await eventually(() => {
    for (const pid of started) assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });
});

test('a plugin that fails is quoted, and one that is not there is named', async () => {
  const failing = file('fails', {
    ...cluster('http://127.0.0.1:1'),
    ...user(plugin('failing', 'echo "log in first" >&2; exit 3')),
    ...context(),
  });
  await assert.rejects(read({ kubeconfig: failing }), /The credential plugin \S+failing failed: log in first/);
  const absent = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: join(folder, 'no-plugin') } };
  const kubeconfig = file('no-plugin-there', { ...cluster('http://127.0.0.1:1'), ...user(absent), ...context() });
  await assert.rejects(read({ kubeconfig }), /The credential plugin \S+no-plugin cannot be started/);
});

test('a 401 asks the plugin once more, and asks again only with another credential', async t => {
  const runs = join(folder, 'runs');
  const { url, tokens } = await apiServer(t, () => 'token-2');
  const counting = plugin('counting', `echo x >> ${runs}; ${credential(`token-$(grep -c x ${runs})`)}`);
  const { read } = connect({ kubeconfig: file('counts', { ...cluster(url), ...user(counting), ...context() }) });
  const x = { namespace: 'default', name: 'x' };
  await read(pods, x);
  await read(pods, x);
  assert.deepEqual(tokens, ['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);

  const refused = await apiServer(t, () => 'nobody has it');
  const same = file('same', { ...cluster(refused.url), ...user(plugin('same-again', credential('ended'))), ...context() });
  await assert.rejects(connect({ kubeconfig: same }).read(pods, x), /answered 401/);
  assert.deepEqual(refused.tokens, ['Bearer ended']);
});
