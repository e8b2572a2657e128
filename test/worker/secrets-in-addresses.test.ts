/** A user, a password and a query in an address reach the system they are for, and no text that people read. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { connectAll } from '../../activities/connectors/index.ts';
import { createActivities } from '../../activities/index.ts';
import { ConfigError, type Environment, readConfig } from '../../worker/config.ts';
import { examine } from '../../worker/doctor/examination.ts';
import { keepLooking } from '../../worker/looking.ts';
import { trustedChecks } from '../../worker/trusted-checks.ts';

/** No call is given up: a busy machine is slow. */
const clock = { now: Date.now, sleep: () => new Promise<void>(() => undefined) };
const folder = mkdtempSync(join(tmpdir(), 'nqba-addresses-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const platform = join(import.meta.dirname, '../../platform.json');

/** Answers everything alike, and keeps what it was asked with. */
async function listening(t: TestContext, status = 503) {
  const asked: { url: string; authorization: string | undefined }[] = [];
  const server = createServer(({ url = '', headers }, answer) => {
    asked.push({ url, authorization: headers.authorization });
    answer.writeHead(status).end('out of order');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  return { asked, port: typeof address === 'object' ? address?.port : 0 };
}

/** Every address with a user and a password, those that may have one with a query too. */
function planted(port: number | undefined): Record<string, string> {
  const at = `ann:hush@127.0.0.1:${port}`;
  const kubeconfig = join(folder, 'kubeconfig');
  const named = { name: 'a', cluster: { server: `http://${at}`, 'insecure-skip-tls-verify': true } };
  const contexts = [{ name: 'a', context: { cluster: 'a', user: 'a' } }];
  writeFileSync(
    kubeconfig,
    JSON.stringify({ clusters: [named], users: [{ name: 'a', user: {} }], contexts, 'current-context': 'a' }),
  );
  return {
    RUNBOOKS_PLATFORM: platform,
    ARTIFACTS: join(folder, 'artifacts'),
    KUBECONFIG: kubeconfig,
    PROMETHEUS_URL: `http://${at}/prometheus?key=hush`,
    DYNEX_API_URL: `http://${at}?key=hush`,
    DYNEX_STATUS_URL: `http://${at}/summary.json?key=hush`,
    NQBA_API_URL: `http://${at}/?key=hush`,
    PAGERDUTY_EVENTS_URL: `http://${at}/?key=hush`,
    PAGERDUTY_ROUTING_KEY: 'hush',
    SMTP_URL: 'smtp://ann:hush@127.0.0.1:1',
    REDIS_URL: 'redis://ann:hush@127.0.0.1:1/0',
    DATABASE_URL: 'postgresql://ann:hush@127.0.0.1:1/nqba?options=hush',
    MAIL_FROM: 'runbooks@example.com',
  };
}

test('the password of an address reaches its system as a header, and no line of the doctor or of the start', async t => {
  const { asked, port } = await listening(t);
  const config = await readConfig(planted(port));
  const systems = connectAll(config.connections, clock);
  const activities = createActivities({ platform: config.platform, systems, ...clock });
  const said: string[] = [];
  await keepLooking(trustedChecks(activities, { systems, platform: config.platform }), line => said.push(line));
  const lines = await examine(config, clock);
  assert.doesNotMatch(JSON.stringify([said, lines]), /hush|ann:/);
  assert.match(JSON.stringify(lines), new RegExp(`http://127.0.0.1:${port}`));
  const authorization = `Basic ${Buffer.from('ann:hush').toString('base64')}`;
  for (const path of [
    '/prometheus/api/v1/query?key=hush',
    '/api/health?key=hush',
    '/summary.json?key=hush',
    '/health?key=hush',
    '/version',
  ])
    assert.deepEqual([...new Set(asked.filter(({ url }) => url === path).map(one => one.authorization))], [authorization], path);
});

test('the doctor as a process prints none either, where nothing listens', async () => {
  const script = join(import.meta.dirname, '../../worker/doctor.ts');
  const env = { PATH: process.env['PATH'], HOME: folder, TEMPORAL_ADDRESS: 'ann:hush@127.0.0.1:1', ...planted(1) };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    env,
  });
  assert.doesNotMatch(stdout + stderr, /hush/);
  assert.match(stdout, /ECONNREFUSED/);
});

for (const [name, more] of [
  ['SLACK_API_URL', { SLACK_BOT_TOKEN: 'xoxb-1' }],
  ['STATUSPAGE_API_URL', { STATUSPAGE_API_KEY: 'key', STATUSPAGE_PAGE_ID: 'page' }],
] as const)
  for (const address of ['https://ann:hush@example.com/', 'https://example.com/?key=hush'])
    test(`${name} has a secret of its own, so ${new URL(address).search ? 'a query' : 'a password'} in it is refused by name`, async () => {
      const given: Environment = { ...planted(1), ...more, [name]: address };
      await assert.rejects(readConfig(given), error => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, new RegExp(`^${name} has `));
        assert.doesNotMatch(error.message, /hush/);
        return true;
      });
    });
