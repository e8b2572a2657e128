// Schedules on a real server: both days on which clocks change, a server that was stopped across a firing, and an overlap.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { timesAt, readPlatform } from '../../client/platform.ts';
import type { Wanted } from '../../client/schedules.ts';
import { Temporal } from '../../client/temporal.ts';
import { binary } from '../../lab/binaries.ts';
import { startProcess } from '../../lab/process.ts';
import { msNumberToTs } from '../../worker/rehearsal/sdk-internals.ts';
import { isWritten, runbooks, type ScheduleRow, schedules } from '../../workflows/catalog/index.ts';
import { freePort } from '../client/temporal-server.ts';
import { eventually } from '../support/eventually.ts';

const morning = runbooks.filter(isWritten).find(({ slug }) => slug === 'morning-health-check') ?? assert.fail();
const usual: ScheduleRow = schedules['morning-health-check'] ?? assert.fail();
const platform = timesAt(readPlatform('platform.json'), Date.now());

const wanted = (timeZone: string, row: ScheduleRow = usual): Wanted => ({
  runbook: morning,
  row,
  timeZone,
  cluster: 'one',
  start: { version: 1, input: {}, platform },
});

/** A server that keeps what it has, so that it can be stopped and started again. */
async function server() {
  const command = await binary('temporal', { say: line => process.stderr.write(`${line}\n`) });
  const [port, dir] = [await freePort(), mkdtempSync(join(tmpdir(), 'nqba-schedules-'))];
  const environment = { TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEMPORAL_NAMESPACE: 'default' };
  const start = async () => {
    const temporal = new Temporal(environment);
    const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', `${port}`, '--http-port', '0'];
    const kept = ['--db-filename', join(dir, 'temporal.db'), '--log-level', 'error'];
    const log = join(dir, 'temporal.log');
    const running = await startProcess({
      name: 'Temporal',
      command,
      args: [...args, ...kept],
      log,
      ports: [port],
      ready: () => temporal.ready(),
    });
    const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS });
    const client = new Client({ connection });
    const stop = async () => {
      await connection.close();
      await temporal.close();
      await running.stop();
    };
    return { temporal, client, stop };
  };
  return { start, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Times at which the server would fire on that day, in UTC. */
async function firings(client: Client, day: string): Promise<string[]> {
  const begins = Date.parse(`${day}T00:00:00Z`);
  const { startTime } = await client.workflowService.listScheduleMatchingTimes({
    namespace: 'default',
    scheduleId: morning.slug,
    startTime: msNumberToTs(begins),
    endTime: msNumberToTs(begins + 86_399_000),
  });
  return startTime.map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString());
}

/** A server that has not done it by then will not. */
const soon = { within: 30_000, every: 500 };

const days: [string, string, string][] = [
  ['Europe/Berlin', '2026-03-28', '08:00'],
  ['Europe/Berlin', '2026-03-29', '07:00'],
  ['Europe/Berlin', '2026-10-24', '07:00'],
  ['Europe/Berlin', '2026-10-25', '08:00'],
  ['America/New_York', '2026-03-07', '14:00'],
  ['America/New_York', '2026-03-08', '13:00'],
  ['America/New_York', '2026-10-31', '13:00'],
  ['America/New_York', '2026-11-01', '14:00'],
];

describe('a schedule', () => {
  test('fires once at nine of its zone, on the days on which clocks change too', async () => {
    const kept = await server();
    const { temporal, client, stop } = await kept.start();
    for (const [timeZone, day, at] of days) {
      await temporal.schedules.apply(wanted(timeZone));
      await eventually(async () => assert.deepEqual(await firings(client, day), [`${day}T${at}:00.000Z`], timeZone), soon);
    }
    await stop();
    kept.remove();
  });

  test('that missed its time while the server was stopped is caught up with once, and skipped while one is open', async () => {
    const kept = await server();
    const first = await kept.start();
    const next = new Date(Math.ceil((Date.now() + 15_000) / 60_000) * 60_000);
    const at = { hour: next.getUTCHours(), minute: next.getUTCMinutes() };
    await first.temporal.schedules.apply(wanted('UTC', { ...usual, at }));
    const settled = first.client.schedule.getHandle(morning.slug);
    await eventually(async () => assert.ok((await settled.describe()).info.nextActionTimes.length > 0), soon);
    await first.stop();
    await eventually(() => assert.ok(Date.now() > next.getTime() + 3_000), { within: 90_000 });
    const { client, temporal, stop } = await kept.start();
    const handle = client.schedule.getHandle(morning.slug);
    const info = async () => (await handle.describe()).info;
    await eventually(async () => assert.equal((await info()).recentActions.length, 1), soon);
    const [caughtUp] = (await info()).recentActions;
    assert.equal(caughtUp?.scheduledAt.toISOString(), next.toISOString());

    await assert.rejects(temporal.schedules.trigger(morning.slug), /runs already: runbooks show morning-health-check-/);
    await handle.update(schedule => ({ ...schedule, spec: { intervals: [{ every: '2 seconds' }] } }));
    await eventually(async () => assert.ok((await info()).numActionsSkippedOverlap > 0), soon);
    assert.equal((await info()).numActionsTaken, 1);
    assert.deepEqual(
      (await temporal.list()).map(({ name }) => name),
      [`morning-health-check-${next.toISOString().slice(0, 19)}Z`],
    );
    await stop();
    kept.remove();
  });
});
