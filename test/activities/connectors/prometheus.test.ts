// A Prometheus that wants a token, a user and a password, or the header of a tenant; each also from a file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectAll, examinationOf, wireOf } from '../../../activities/connectors/index.ts';
import { nobody } from '../../../activities/people.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { ConfigError, type Environment, readConfig } from '../../../worker/config.ts';
import { looked } from '../../../worker/doctor/line.ts';
import { aPlatform, virtualClock } from '../bare.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-prometheus-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const clock = virtualClock();

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const read = (given: Environment) =>
  readConfig({
    RUNBOOKS_PLATFORM: join(import.meta.dirname, '../../../platform.json'),
    KUBECONFIG: '/kube/config',
    PROMETHEUS_URL: 'https://prometheus.example.com',
    ...given,
  });

/** The stand-in behind a door that wants these headers. */
async function behind(wanted: Record<string, string>, given: Environment) {
  const { connections } = await read(given);
  const open = prometheus(surroundings({ now: clock.now }), () => ({ pods: [], systems: [] }));
  const config = connections.prometheus;
  assert.ok(config);
  const fetch = (request: Request) =>
    Object.entries(wanted).every(([name, value]) => request.headers.get(name) === value)
      ? open.fetch(request)
      : new Response('Unauthorized', { status: 401 });
  const systems = connectAll({ artifacts: { folder }, prometheus: { ...config, fetch } }, clock);
  return { systems, ask: async () => systems.prometheus?.query('sum by (pod) (nqba_quantum_jobs_in_flight)') };
}

const basic = `Basic ${Buffer.from('ann:p w').toString('base64')}`;

for (const [given, wanted] of [
  [{ PROMETHEUS_TOKEN: 'tok' }, { authorization: 'Bearer tok' }],
  [{ PROMETHEUS_TOKEN_FILE: file('token', 'tok\n') }, { authorization: 'Bearer tok' }],
  [{ PROMETHEUS_USER: 'ann', PROMETHEUS_PASSWORD: 'p w' }, { authorization: basic }],
  [{ PROMETHEUS_USER: 'ann', PROMETHEUS_PASSWORD_FILE: file('password', 'p w\n') }, { authorization: basic }],
  [{ PROMETHEUS_URL: 'https://ann:p%20w@prometheus.example.com' }, { authorization: basic }],
  [{ PROMETHEUS_HEADERS: 'X-Scope-OrgID: nqba' }, { 'x-scope-orgid': 'nqba' }],
  [
    { PROMETHEUS_HEADERS_FILE: file('headers', 'X-Scope-OrgID: nqba\nX-Team: ops: one\n'), PROMETHEUS_TOKEN: 'tok' },
    { 'x-scope-orgid': 'nqba', 'x-team': 'ops: one', authorization: 'Bearer tok' },
  ],
] satisfies [Environment, Record<string, string>][])
  test(`${Object.keys(given).join(' and ')} let us in`, async () => {
    const { ask } = await behind(wanted, given);
    assert.deepEqual(await ask(), []);
  });

test('a file that is written again is read again', async () => {
  const { ask } = await behind({ authorization: 'Bearer new' }, { PROMETHEUS_TOKEN_FILE: file('rotated', 'old') });
  await assert.rejects(ask(), /answered 401/);
  file('rotated', 'new\n');
  assert.deepEqual(await ask(), []);
});

for (const [given, fault] of [
  [{ PROMETHEUS_USER: 'ann' }, 'PROMETHEUS_PASSWORD is missing, but PROMETHEUS_USER is set'],
  [{ PROMETHEUS_PASSWORD: 'hush' }, 'PROMETHEUS_USER is missing, but PROMETHEUS_PASSWORD is set'],
  [
    { PROMETHEUS_TOKEN: 'hush', PROMETHEUS_USER: 'ann', PROMETHEUS_PASSWORD: 'hush' },
    'PROMETHEUS_TOKEN and PROMETHEUS_USER are both set: unset one of them',
  ],
  [
    { PROMETHEUS_TOKEN: 'hush', PROMETHEUS_URL: 'https://ann:hush@example.com' },
    'PROMETHEUS_TOKEN is set, and PROMETHEUS_URL has a user in it: remove one of them',
  ],
  [{ PROMETHEUS_HEADERS: 'hush' }, 'PROMETHEUS_HEADERS is not one header a line, as X-Scope-OrgID: tenant'],
  [
    { PROMETHEUS_TOKEN: 'hush', PROMETHEUS_TOKEN_FILE: file('both', 'hush') },
    'PROMETHEUS_TOKEN and PROMETHEUS_TOKEN_FILE are both set: unset one of them',
  ],
] satisfies [Environment, string][])
  test(`refused by name: ${fault}`, async () => {
    await assert.rejects(read(given), new ConfigError(fault));
  });

test('the doctor names the variables where we are not let in', async () => {
  const { systems } = await behind({ authorization: 'Bearer tok' }, {});
  const examination = examinationOf('prometheus', systems, {}, { platform: aPlatform, onCall: nobody, wire: wireOf({}, clock) });
  assert.ok(examination);
  const [line] = await looked(examination.name, examination.examine);
  assert.equal(line?.text, 'answered 401: Unauthorized.');
  assert.match(line?.fix ?? '', /PROMETHEUS_TOKEN, or PROMETHEUS_USER and PROMETHEUS_PASSWORD, .* PROMETHEUS_HEADERS/);
});
