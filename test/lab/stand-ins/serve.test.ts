import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { serveStandIns, type StandInsConfig } from '../../../lab/stand-ins/serve.ts';
import { ofEach, practiceSystems as systems } from '../../../lab/stand-ins/index.ts';
import { json } from './serving.ts';

const anyPorts = { ...ofEach(() => 0), control: 0 };

/** Serves in a folder of its own, again and again, at a time that the test decides. */
async function practice(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'nqba-stand-ins-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const clock = { now: 1_800_000_000_000 };
  const config: StandInsConfig = { ports: anyPorts, practice: folder, messages: join(folder, 'messages.jsonl') };
  return {
    clock,
    config,
    serve: async () => {
      const standIns = await serveStandIns(config, () => clock.now);
      t.after(standIns.stop);
      return standIns;
    },
  };
}

const put = (url: string, system: string, body: unknown) =>
  fetch(`${url}/systems/${system}`, { ...json(body), method: 'PUT' }).then(async response => ({
    status: response.status,
    body: await response.json(),
  }));
const healthOf = async (url: string) => (await fetch(`${url}/api/health`)).status;

test('a state set here and now is felt by the next call, and is over when its time is', async t => {
  const { serve, clock } = await practice(t);
  const { urls } = await serve();
  await put(urls.control, 'dynex', { state: 'down', for: 40_000 });
  assert.equal(await healthOf(urls.dynex), 503);
  clock.now += 40_000;
  assert.equal(await healthOf(urls.dynex), 200);
});

test('a state can be set for later, and is told as scheduled until then', async t => {
  const { serve, clock } = await practice(t);
  const { urls } = await serve();
  const { body } = await put(urls.control, 'dynex', { state: 'down', after: 3_000 });
  assert.deepEqual(body, { state: 'healthy', scheduled: [{ state: 'down', at: new Date(clock.now + 3_000).toISOString() }] });
  assert.equal(await healthOf(urls.dynex), 200);
  clock.now += 3_000;
  assert.equal(await healthOf(urls.dynex), 503);
  const overview = await (await fetch(`${urls.control}/systems`)).json();
  assert.partialDeepStrictEqual(overview, { dynex: { state: 'down', scheduled: [] }, slack: { state: 'healthy' } });
});

const wrong: [string, string, unknown, number, RegExp][] = [
  [
    'a system that does not exist',
    'kafka',
    { state: 'down' },
    404,
    /There is no system kafka: name dynex, prometheus, .* or pinning/,
  ],
  ['a state that does not exist', 'dynex', { state: 'broken' }, 400, /Send .*healthy, down, .* unsupported, busy, /],
  ['a body that is no JSON object', 'dynex', 'down', 400, /Send/],
  ['a negative time', 'dynex', { state: 'down', after: -1 }, 400, /after: /],
  ['a word it does not know', 'dynex', { state: 'down', until: 5 }, 400, /until/],
  ['mock results of a system that computes nothing', 'slack', { state: 'mock' }, 400, /Only dynex/],
];
for (const [what, system, body, status, words] of wrong) {
  test(`the control address refuses ${what} and says what to send`, async t => {
    const { urls } = await (await practice(t)).serve();
    const answered = await put(urls.control, system, body);
    assert.equal(answered.status, status);
    assert.match(JSON.stringify(answered.body), words);
  });
}

const alert = (event_action: string) =>
  json({
    routing_key: 'a'.repeat(32),
    event_action,
    dedup_key: 'incident-1',
    payload: { summary: 'Dynex is down', source: 'runbooks', severity: 'critical' },
  });

test('a second start goes on with the states, with what vendors keep, and with the messages', async t => {
  const { serve, config } = await practice(t);
  const first = await serve();
  await put(first.urls.control, 'dynex', { state: 'down' });
  await fetch(`${first.urls.pagerduty}/v2/enqueue`, alert('trigger'));
  await first.stop();
  const second = await serve();
  assert.equal(await healthOf(second.urls.dynex), 503);
  for (const action of ['trigger', 'resolve']) await fetch(`${second.urls.pagerduty}/v2/enqueue`, alert(action));
  const lines = (await readFile(config.messages, 'utf8')).trimEnd().split('\n');
  const told = { time: '2027-01-15T08:00:00.000Z', system: 'pagerduty', to: 'integration …aaaa', key: 'incident-1' };
  assert.deepEqual(
    lines.map(line => JSON.parse(line)),
    [
      { ...told, text: 'triggered (critical): Dynex is down' },
      { ...told, text: 'resolved' },
    ],
  );
});

test('every system has an address of its own', async t => {
  const { urls } = await (await practice(t)).serve();
  assert.equal(new Set([...systems, 'control' as const].map(name => urls[name])).size, systems.length + 1);
});

test('a port that is taken is named, and nothing is left listening', async t => {
  const { config } = await practice(t);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const serving = serveStandIns({ ...config, ports: { ...anyPorts, control: port } });
  await assert.rejects(serving, new RegExp(`The stand-in control cannot listen on port ${port} \\(EADDRINUSE\\)`));
});
