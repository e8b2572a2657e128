// Where only a proxy leads out, every system is asked through it, but those that NO_PROXY names and this machine.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { connectAll } from '../../../activities/connectors/index.ts';
import { proxiesIn, proxyFor } from '../../../activities/connectors/proxy.ts';
import { pods } from '../../../activities/connectors/resources.ts';
import { ConfigError, readConfig } from '../../../worker/config.ts';
import { examine } from '../../../worker/doctor/examination.ts';

/** No call is given up: a busy machine is slow. */
const clock = { now: Date.now, sleep: () => new Promise<void>(() => undefined) };
const folder = mkdtempSync(join(tmpdir(), 'nqba-proxy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A proxy that knows every host, and answers for them; what it is to tunnel it refuses. */
async function proxy(t: TestContext) {
  const asked: string[] = [];
  const server = createServer(({ method = '', url = '', headers }, answer) => {
    asked.push(`${method} ${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    answer.setHeader('content-type', 'application/json');
    const pod = { metadata: { name: 'x' }, spec: { containers: [] } };
    const none = { status: 'success', data: { resultType: 'vector', result: [] } };
    answer.end(JSON.stringify(url.includes('/pods/') ? pod : none));
  });
  server.on('connect', ({ url = '', headers }, socket) => {
    asked.push(`CONNECT ${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  return { asked, host: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

function kubeconfig(): string {
  const file = join(folder, 'kubeconfig');
  const cluster = { server: 'http://kube.example.test', 'insecure-skip-tls-verify': true };
  const contexts = [{ name: 'a', context: { cluster: 'a', user: 'a' } }];
  writeFileSync(file, JSON.stringify({ clusters: [{ name: 'a', cluster }], users: [], contexts, 'current-context': 'a' }));
  return file;
}

const platform = join(import.meta.dirname, '../../../platform.json');
const environment = (host: string) => ({
  RUNBOOKS_PLATFORM: platform,
  ARTIFACTS: join(folder, 'artifacts'),
  KUBECONFIG: kubeconfig(),
  PROMETHEUS_URL: 'http://prometheus.example.test:9090',
  DYNEX_API_URL: 'https://dynex.example.test',
  NQBA_API_URL: 'http://api.svc.example.test',
  SLACK_BOT_TOKEN: 'xoxb-1',
  HTTPS_PROXY: `http://ann:hush@${host}`,
  http_proxy: `http://${host}`,
  NO_PROXY: '.svc.example.test,10.0.0.0/8',
});

test('systems and the cluster are asked through the proxy, one that NO_PROXY names is not', async t => {
  const { asked, host } = await proxy(t);
  const { connections } = await readConfig(environment(host));
  const { prometheus, kubernetes, dynex, api, slack } = connectAll(connections, clock);
  assert.deepEqual(await prometheus?.query('up'), []);
  await kubernetes?.read(pods, { namespace: 'default', name: 'x' });
  await assert.rejects(async () => dynex?.health());
  await assert.rejects(async () => slack?.idOf('#incidents'));
  await assert.rejects(async () => api?.health(), /ENOTFOUND|EAI_AGAIN/);
  const ann = `Basic ${Buffer.from('ann:hush').toString('base64')}`;
  assert.deepEqual(asked, [
    'POST http://prometheus.example.test:9090/api/v1/query',
    'GET http://kube.example.test/api/v1/namespaces/default/pods/x',
    `CONNECT dynex.example.test:443 ${ann}`,
    `CONNECT slack.com:443 ${ann}`,
  ]);
});

test('the doctor shows what leads out, without its password', async t => {
  const { host } = await proxy(t);
  const lines = await examine(await readConfig(environment(host)), clock);
  const found = lines.find(({ check }) => check === 'Proxy');
  assert.equal(
    found?.text,
    `https through http://${host}, http through http://${host}; without it: this machine, .svc.example.test, 10.0.0.0/8. Mail goes without it.`,
  );
  assert.doesNotMatch(JSON.stringify(lines), /hush/);
});

test('a proxy that is no address is refused by name', async () => {
  const wrong = readConfig({ ...environment('127.0.0.1:1'), HTTPS_PROXY: 'hush.example.test:3128' });
  await assert.rejects(wrong, new ConfigError('HTTPS_PROXY is not an http or https address'));
});

for (const [except, address, isThrough] of [
  ['', 'https://example.test', true],
  ['', 'http://localhost:9090', false],
  ['', 'http://127.0.0.2', false],
  ['*', 'https://example.test', false],
  ['example.test', 'https://api.example.test', false],
  ['example.test', 'https://other-example.test', true],
  ['.example.test', 'https://example.test', false],
  ['*.example.test', 'https://api.example.test', false],
  ['example.test:8443', 'https://example.test', true],
  ['example.test:8443', 'https://example.test:8443', false],
  ['10.0.0.0/8', 'https://10.1.2.3', false],
  ['10.0.0.0/8', 'https://11.1.2.3', true],
  ['fd00::/8', 'https://[fd00::1]', false],
  ['10.1.2.3', 'https://10.1.2.3', false],
] as const)
  test(`NO_PROXY=${except}: ${address} is asked ${isThrough ? 'through the proxy' : 'without it'}`, () => {
    const proxies = proxiesIn({ HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://proxy:3128', NO_PROXY: except });
    assert.equal(proxies && proxyFor(proxies, address) !== undefined, isThrough);
  });
