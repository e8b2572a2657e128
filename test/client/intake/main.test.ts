import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../temporal-server.ts';

const main = join(import.meta.dirname, '../../../client/intake/main.ts');

const start = (environment: Record<string, string>, ...args: string[]) =>
  spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ARTIFACTS: mkdtempSync(join(tmpdir(), 'nqba-artifacts-')), ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });

const exitOf = (child: ReturnType<typeof start>) => new Promise<number | null>(resolve => child.on('exit', resolve));

async function refused(environment: Record<string, string>, ...args: string[]) {
  const child = start(environment, ...args);
  const [code, stderr] = await Promise.all([exitOf(child), text(child.stderr)]);
  return { code, stderr };
}

/** Node takes half of the memory that a container has: deploy/install/deployment.yaml gives 512 MiB. */
const inItsContainer = '--max-old-space-size=256';

describe('the intake as a process', () => {
  test('outlives 8 MiB of empty alerts in the memory of its container', async () => {
    const port = await freePort();
    const environment = { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`, INTAKE_TOKEN: 'hush', INTAKE_PORT: `${port}` };
    const child = start({ ...environment, NODE_OPTIONS: inItsContainer });
    const address = `http://127.0.0.1:${port}`;
    await eventually(async () => assert.equal((await fetch(`${address}/healthz`)).status, 200));
    const body = `{"version":"4","alerts":[${'{},'.repeat(2_700_000)}{}]}`;
    const answer = await fetch(`${address}/alertmanager`, { method: 'POST', headers: { authorization: 'Bearer hush' }, body });
    assert.equal(answer.status, 400);
    assert.equal((await fetch(`${address}/healthz`)).status, 200);
    child.kill('SIGTERM');
    assert.equal(await exitOf(child), 0);
  });

  test('refuses to start half configured, and names the variable', async () => {
    assert.deepEqual(await refused({}), { code: 2, stderr: 'INTAKE_TOKEN is not set: senders must know it.\n' });
    const port = await refused({ INTAKE_TOKEN: 'hush', INTAKE_PORT: 'http' });
    assert.deepEqual([port.code, port.stderr.startsWith('INTAKE_PORT is "http"')], [2, true]);
    const json = await refused({ RUNBOOKS_LOG: 'json' });
    const line: unknown = JSON.parse(json.stderr);
    assert.ok(typeof line === 'object' && line !== null && 'message' in line && 'level' in line);
    assert.deepEqual([json.code, line.level, line.message], [2, 'error', 'INTAKE_TOKEN is not set: senders must know it.']);
    const platform = await refused({ INTAKE_TOKEN: 'hush' }, '--platform', '/nowhere.json');
    assert.deepEqual([platform.code, platform.stderr.startsWith('/nowhere.json cannot be read')], [2, true]);
  });

  test('hides secrets in files, and those that people name for paging', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nqba-secrets-'));
    const inFile = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const secrets = ['of-a-file-of-ours', 'of-the-person-on-call', 'of-all-the-senders'];
    const [rest = '', ann = '', token = ''] = secrets;
    const roles = { people: { ann: { pagerduty: 'ANNS_KEY' } }, roles: { primary: ['ann'] } };
    const port = await freePort();
    const child = start({
      TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
      INTAKE_PORT: `${port}`,
      INTAKE_TOKEN_FILE: inFile('token', token),
      PAGERDUTY_API_TOKEN_FILE: inFile('rest', rest),
      RUNBOOKS_ROLES: inFile('roles.json', JSON.stringify(roles)),
      ANNS_KEY: ann,
    });
    const [exit, log] = [exitOf(child), text(child.stderr)];
    const address = `http://127.0.0.1:${port}`;
    await eventually(async () => assert.equal((await fetch(`${address}/healthz`)).status, 200));
    for (const secret of secrets)
      await fetch(`${address}/alertmanager`, { method: 'POST', headers: { 'user-agent': secret }, body: '{}' });
    child.kill('SIGTERM');
    await exit;
    const said = await log;
    assert.equal(said.match(/<hidden>/g)?.length, 3, said);
    for (const secret of secrets) assert.ok(!said.includes(secret), secret);
  });

  test('serves, is not ready without Temporal, names a taken port, and ends when it is told to', async () => {
    const port = await freePort();
    const temporal = { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    const scraped = await freePort();
    const environment = { ...temporal, INTAKE_TOKEN: 'hush', INTAKE_PORT: `${port}`, INTAKE_METRICS_PORT: `${scraped}` };
    const child = start(environment);
    const exit = exitOf(child);
    const address = `http://127.0.0.1:${port}`;
    await eventually(async () => assert.equal((await fetch(`${address}/healthz`)).status, 200));
    assert.equal((await fetch(`${address}/alertmanager`, { method: 'POST', body: '{}' })).status, 401);
    assert.equal((await fetch(`${address}/readyz`)).status, 503);
    const metrics = await fetch(`http://127.0.0.1:${scraped}/metrics`);
    assert.deepEqual([metrics.status, (await fetch(`${address}/metrics`)).status], [200, 404]);
    assert.match(await metrics.text(), /^nqba_runbooks_intake_refused_total\{path="\/alertmanager",status="401"\} 1$/m);
    const second = await refused(environment);
    assert.deepEqual([second.code, /EADDRINUSE.*Set INTAKE_PORT to a free port/.test(second.stderr)], [1, true]);
    child.kill('SIGTERM');
    assert.equal(await exit, 0);
  });
});
