/** An order names the cluster it went to, and goes to no cluster that the platform description does not mean. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { outputs } from '../../client/cli/outputs.ts';
import { runbooks } from './command-line.ts';
import { quickPlatform } from './scripted-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-destination-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Two contexts of one server, which takes every write; Temporal is away. */
async function shell(t: TestContext, names: { context: string; cluster: string }) {
  const writes: string[] = [];
  const server = createServer(({ method = '', url = '' }, answer) => {
    if (method !== 'GET') writes.push(url.replace(/\?.*/, ''));
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ metadata: { name: 'nqba-runbooks' }, data: {} }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  const at = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const cluster = { server: `http://ann:hush@${at}`, 'insecure-skip-tls-verify': true };
  const context = { cluster: names.cluster, user: 'ann' };
  const KUBECONFIG = join(folder, 'kubeconfig');
  writeFileSync(
    KUBECONFIG,
    JSON.stringify({
      clusters: [{ name: names.cluster, cluster }],
      users: [{ name: 'ann', user: {} }],
      contexts: [names.context, 'other'].map(name => ({ name, context })),
      'current-context': names.context,
    }),
  );
  return { writes, server: `http://${at}`, run: runbooks({ RUNBOOKS_PLATFORM: quickPlatform(), KUBECONFIG }) };
}

const orders = [
  ['hold', '--all'],
  ['release', '--all'],
  ['arm', 'dynex-outage', '--mode', 'observe', '--reason', 'x'],
];

for (const order of orders)
  test(`runbooks ${order.join(' ')} goes to no other cluster, and says which one it is`, async t => {
    const { run, writes, server } = await shell(t, { context: 'eks', cluster: 'arn:aws:eks:eu-west-1:1:cluster/nqba-staging' });
    const { code, stdout, stderr } = await run(...order);
    assert.equal(code, 4);
    assert.match(
      stderr,
      new RegExp(
        `^KUBECONFIG leads to context eks, cluster arn:aws:eks:eu-west-1:1:cluster/nqba-staging, server ${server}, and the platform description is of nqba-production\\. Nothing was changed\\. If it is the same cluster: runbooks ${order[0]} .*--context eks, or add a name of it to clusterAliases\\.`,
      ),
    );
    assert.doesNotMatch(stdout + stderr, /hush/);
    assert.deepEqual(writes, []);
  });

test('a cluster that the description names is meant, and the answer names it', async t => {
  const { run, writes, server } = await shell(t, { context: 'eks', cluster: 'arn:aws:eks:eu-west-1:1:cluster/nqba-production' });
  const { code, stdout } = await run('hold', '--all');
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`\nOn context eks, cluster arn:\\S+/nqba-production, server ${server}\\.\n`));
  assert.deepEqual(writes, ['/api/v1/namespaces/nqba-platform/configmaps/nqba-runbooks']);
});

test('a context that is named is meant, whatever its cluster is called', async t => {
  const { run, writes, server } = await shell(t, { context: 'eks', cluster: 'nqba-staging' });
  const { stdout } = await run('hold', '--all', '--context', 'other', '-o', 'json');
  const { cluster, kubectl } = outputs.hold.parse(JSON.parse(stdout));
  assert.deepEqual(cluster, { context: 'other', cluster: 'nqba-staging', server });
  assert.match(kubectl, /^kubectl --context other -n nqba-platform /);
  assert.equal(writes.length, 1);
  const { code, stderr } = await run('hold', '--all', '--context', 'nowhere');
  assert.equal(code, 1);
  assert.match(stderr, /^The kubeconfig has no context nowhere.*\nHold it without us: kubectl /);
});
