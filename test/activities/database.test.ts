/** The database, on a real PostgreSQL, as a role sees it that is no superuser: what is not permitted is unknown and says so. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { connectDatabase } from '../../activities/connectors/database.ts';
import { masked } from '../../activities/database/masked.ts';
import { judgeWaits } from '../../activities/database/sessions.ts';
import { createActivities } from '../../activities/index.ts';
import { installed } from '../../lab/peers/installed.ts';
import { startPostgres } from '../../lab/peers/postgres.ts';
import { freePorts } from '../../lab/ports.ts';
import type { Running } from '../../lab/process.ts';
import { eventually } from '../support/eventually.ts';
import { silentHost } from './silent.ts';
import { aPlatform, connected, running as here } from './bare.ts';

const binary = installed('postgres');
const sleep = (ms: number, signal?: AbortSignal) => pause(ms, undefined, signal && { signal });
/** Each look at the clock finds it so many milliseconds further. */
const clockOf = (pace: number) => ({ now: ticking(Date.parse('2026-11-24T03:00:00Z'), pace), sleep });
const ticking = (time: number, pace: number) => () => (time += pace);
const clock = clockOf(1);
const activities = (url?: string, pace = 1) => {
  const [own, of] = [clockOf(pace), url ? { database: { url: () => url } } : {}];
  return createActivities({ platform: aPlatform, systems: connected(of, own), ...own, running: here }).database;
};

describe('without a PostgreSQL', () => {
  test('no database means that reaching it does not apply, and its load is unknown', async () => {
    const { reachable, load } = activities();
    const [first, second] = [await reachable({}), await load({})];
    assert.deepEqual([first.verdict, second.verdict], ['unknown', 'unknown']);
    assert.match(first.evidence, /^Not applicable: no database is connected/);
    assert.equal(second.evidence, 'PostgreSQL is not connected: set DATABASE_URL.');
  });

  test('a host that stays silent is given up, and no connection to it is left', async t => {
    const port = await silentHost(t);
    const hasty = { sleep: (_: number, signal?: AbortSignal) => sleep(300, signal) };
    const url = () => `postgresql://runbooks:hush@127.0.0.1:${port}/nqba`;
    const look = connectDatabase({ url }, hasty).look(read => read(z.object({}), 'select 1'));
    await assert.rejects(look, { fault: 'unreachable', message: 'PostgreSQL cannot be reached: no answer within 10 s' });
    await eventually(() => assert.equal(process.getActiveResourcesInfo().includes('TCPSocketWrap'), false));
  });

  test('statements lose what they carry, and keep what they name', () => {
    const cases = {
      "select * from users where mail = 'ann@example.com' and age > 41": 'select * from users where mail = ? and age > ?',
      [String.raw`select E'it\'s ann' , 'b''c', $tag$ hush $tag$, t2.c3`]: 'select ? , ?, ?, t2.c3',
      'update "order 66" set a = $1 /* ann */ where b = 1.5e+3 -- hush': 'update "order 66" set a = $1 where b = ?',
      "insert into notes values ('cut by the ser": 'insert into notes values (?',
      [`select ${'a, '.repeat(100)}`]: `${`select ${'a, '.repeat(100)}`.slice(0, 59)}…`,
    };
    for (const [statement, readable] of Object.entries(cases)) assert.equal(masked(statement), readable);
  });

  test('a wait for a lock above half a minute is faulty, and says who holds it', () => {
    const row = { waiting: 2, since: new Date('2026-11-24T03:00:00Z'), blocker: 7, state: 'idle in transaction' };
    const judged = (seconds: number) => judgeWaits({ ...row, seconds, query: "update jobs set owner = 'ann'" });
    assert.equal(judged(30).verdict, 'healthy');
    const { verdict, evidence, facts } = judged(75);
    assert.equal(verdict, 'faulty');
    assert.match(
      evidence,
      /^2 sessions wait for a lock, the longest for 75 s, above 30 s\. It is held by pid 7, idle in transaction: update jobs set owner = \?\.$/,
    );
    assert.deepEqual(facts, { longestLockWait: 75, since: '2026-11-24T03:00:00.000Z' });
    assert.equal(judgeWaits({ ...row, since: null, seconds: null, query: null }).verdict, 'unknown');
  });
});

describe('a real PostgreSQL', { skip: binary === undefined && 'PostgreSQL is not installed' }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-postgres-'));
  let port = 0;
  let running: Running;
  const clients: Client[] = [];
  const url = (user = 'runbooks', database = 'nqba') => `postgresql://${user}:hush@127.0.0.1:${port}/${database}`;

  async function session(user = 'postgres', database = 'nqba'): Promise<Client> {
    const client = new Client({ connectionString: url(user, database) });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  }
  const endAll = () => Promise.all(clients.splice(0).map(client => client.end()));

  before(async () => {
    [port = 0] = await freePorts(1);
    const settings = ['max_connections=12'];
    const log = join(dir, 'postgres.log');
    running = await startPostgres({ dir, log, port, binary: binary ?? '', password: 'hush', settings, say: () => undefined });
    const first = await session('postgres', 'postgres');
    await first.query('create database nqba');
    for (const role of ['runbooks', 'plain', 'app']) await first.query(`create role ${role} login password 'hush'`);
    await first.query('grant pg_monitor to runbooks');
    const inside = await session();
    await inside.query(
      'create schema tools; create extension pg_stat_statements schema tools; grant usage on schema tools to public',
    );
    await inside.query(
      'create table jobs (id int primary key, owner text); insert into jobs values (1); grant all on jobs to app',
    );
    await endAll();
  });

  after(async () => {
    await running?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('is reached by a login and a read; a login of ours that is refused says nothing about it', async () => {
    const { verdict, evidence } = await activities(url()).reachable({});
    assert.deepEqual([verdict, evidence], ['healthy', 'PostgreSQL let us in and answered a read in 1 ms.']);
    assert.match((await activities(url(), 1_000).reachable({})).evidence, /a read in 1000 ms, not below 1000 ms\.$/);
    const refused = await activities(url().replace('hush', 'wrong-secret')).reachable({});
    assert.equal(refused.verdict, 'unknown');
    assert.match(
      refused.evidence,
      /28P01: password authentication failed .*correct the user and the password in DATABASE_URL\.$/,
    );
    assert.doesNotMatch(refused.evidence, /wrong-secret/);
    assert.equal((await activities(url('runbooks', 'absent')).reachable({})).verdict, 'unknown');
  });

  test('an address as SQLAlchemy writes it leads to the same place, and TLS that the server lacks is refused', async () => {
    const written = url().replace('postgresql:', 'postgresql+asyncpg:');
    assert.equal((await activities(written).reachable({})).verdict, 'healthy');
    assert.equal(connected({ database: { url: () => written } }).database?.address, `postgresql://127.0.0.1:${port}/nqba`);
    assert.match((await activities(`${written}?sslmode=require`).reachable({})).evidence, /does not support SSL/);
  });

  test('with nothing in the way the load is healthy, with the numbers behind it', async () => {
    const { verdict, evidence, facts } = await activities(url()).load({});
    assert.match(
      evidence,
      /^\d of 12 connections are in use \(\d+%\)\. Nothing waits for a lock\. No statement takes more than 1 s\./,
    );
    assert.match(evidence, /No replica\. Not checked: CPU and IOPS/);
    assert.equal(verdict, 'healthy');
    assert.deepEqual([facts?.longestLockWait, facts?.since], [0, undefined]);
    assert.ok((facts?.slowestMean ?? 2) < 1);
  });

  test('who waits for a lock is measured, and who holds it named', async () => {
    const [holder, waiter] = [await session(), await session('app')];
    await holder.query('begin; lock table jobs');
    const waiting = waiter.query("update jobs set owner = 'ann'");
    const { longestLockWait = 0 } = await eventually(async () => {
      const { facts, evidence } = await activities(url()).load({});
      assert.match(evidence, /One session waits for a lock, the longest for \d+ s/);
      return facts ?? {};
    });
    assert.ok(longestLockWait > 0);
    assert.match((await activities(url('plain')).load({})).evidence, /One session waits for a lock, the longest for \d+ s/);
    await holder.query('rollback');
    await waiting;
    await endAll();
  });

  test('a slow statement is faulty, without what it carries; whose text is not permitted, and where nothing is installed, it is unknown', async () => {
    const [app, admin] = [await session('app'), await session()];
    await app.query("select pg_sleep(1.1), 'ann@example.com' as who");
    const slow = await activities(url()).load({});
    assert.deepEqual([slow.verdict, slow.facts?.since], ['faulty', undefined]);
    assert.match(
      slow.evidence,
      /^The slowest statement takes 1\.\d s, above 1 s\. Slowest means: 1\.\d s in 1 calls: select pg_sleep/,
    );
    assert.ok((slow.facts?.slowestMean ?? 0) > 1);
    const cancelled = assert.rejects(app.query("select pg_sleep(600), 'ann@example.com' as who"));
    const during = await eventually(async () => {
      const finding = await activities(url()).load({});
      assert.match(finding.evidence, /The longest statement lasts \d+ s: select pg_sleep\(\?\), \? as who\./);
      return finding;
    });
    assert.doesNotMatch(during.evidence, /ann/);
    assert.match(during.facts?.since ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await admin.query("select pg_cancel_backend(pid) from pg_stat_activity where usename = 'app'");
    await cancelled;
    const plain = await activities(url('plain')).load({});
    assert.equal(plain.verdict, 'unknown');
    assert.match(plain.evidence, /its text is not permitted: grant pg_monitor.*Not checked: the sessions of other roles/);
    const elsewhere = await activities(url('runbooks', 'postgres')).load({});
    assert.equal(elsewhere.verdict, 'unknown');
    assert.match(elsewhere.evidence, /Slow statements are unknown: pg_stat_statements is not installed/);
    await admin.query('select tools.pg_stat_statements_reset()');
    await endAll();
  });

  test('connections above four fifths are faulty, also when none is left for us', async () => {
    for (let count = 0; count < 9; count += 1) await session();
    assert.equal((await activities(url()).load({})).verdict, 'faulty');
    const left = await activities(url('postgres')).load({});
    assert.match(left.evidence, /^10 of 12 connections are in use \(83%\), above 80%\./);
    assert.deepEqual([left.verdict, left.facts?.connections], ['faulty', 10 / 12]);
    for (let count = 0; count < 3; count += 1) await session();
    const full = await activities(url()).load({});
    assert.deepEqual([full.verdict, full.facts], ['faulty', { connections: 1 }]);
    assert.match(full.evidence, /^All connections are taken: PostgreSQL answered 53300/);
    await endAll();
  });

  test('a look writes nothing, lasts no longer than it may, and leaves no connection', async () => {
    const { look } = connectDatabase({ url: () => url('postgres') }, clock);
    const any = z.object({});
    await assert.rejects(
      look(read => read(any, 'delete from jobs')),
      { message: /25006: cannot execute DELETE in a read-only transaction/ },
    );
    await assert.rejects(
      look(read => read(any, 'select pg_sleep(60)')),
      { status: 503, message: /57014: .*it took longer than 1\.5 s/ },
    );
    const admin = await session();
    const ours = () => admin.query("select from pg_stat_activity where application_name = 'nqba-runbooks'");
    await eventually(async () => assert.equal((await ours()).rowCount, 0));
    await endAll();
  });

  test('one that was reached and is not any more is faulty; one that never was may be the wrong one', async () => {
    const { reachable } = activities(url());
    assert.equal((await reachable({})).verdict, 'healthy');
    await running.stop();
    const gone = await reachable({});
    assert.deepEqual(
      [gone.verdict, /^TCP fails: PostgreSQL cannot be reached: .*ECONNREFUSED/.test(gone.evidence)],
      ['faulty', true],
    );
    const never = await activities(url()).reachable({});
    assert.equal(never.verdict, 'unknown');
    assert.match(never.evidence, /^This check has never been healthy on this installation/);
  });
});
