/** The class of the database, over the stand-in of RDS: what is pending, busy or without a standby is said before anyone approves. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectRds } from '../../activities/connectors/rds.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { policyFor } from '../../activities/failures.ts';
import type { Options } from '../../lab/stand-ins/rds.ts';
import { activitiesWith, armed } from './bare.ts';
import { aDatabase, rdsWith } from './database-at-rds.ts';
import { done, planned } from './outcomes.ts';
import { clock } from './stage.ts';

const key = () => `run-${crypto.randomUUID()}/Resolution Steps/Scale database resources/1`;

function around(change: Partial<Options['database']> = {}, options: Partial<Options> = {}) {
  const { connection, messages, database: kept } = rdsWith(clock, { database: aDatabase(clock.now(), change), ...options });
  const { database } = activitiesWith({ kubernetes: { fetch: armed }, rds: connection }, clock);
  return { resize: database.resize, messages, kept };
}

test('a change is done when the instance is available again, and asked once however often it is tried', async () => {
  const { resize, messages, kept } = around({}, { takes: 4_000 });
  const call = key();
  const { digest } = planned(await resize({}, { key: call }));
  const receipt = done(await resize({}, { key: call, approved: digest }));
  assert.deepEqual(
    [receipt.effect, kept.class],
    [{ measured: 'whole', text: 'RDS says db.r6g.xlarge, available.' }, 'db.r6g.xlarge'],
  );
  done(await resize({}, { key: call, approved: digest }));
  assert.equal(messages.length, 1);
});

test('without a standby it says that the database is down, and it names what else is applied at once', async () => {
  const { resize } = around({ hasStandby: false, waiting: 'EngineVersion' });
  const { consequences, restsOn } = planned(await resize({}, { key: key() }));
  assert.match(
    consequences.join(' '),
    /no standby: it is down for several minutes.*applies at once what else waits.*EngineVersion/,
  );
  assert.deepEqual(
    restsOn?.map(({ value }) => value),
    ['no', 'EngineVersion'],
  );
});

test('an instance that is being changed, the largest class, and a role that may not are refused, and nothing is changed', async () => {
  const busy = around({ becomes: { class: 'db.r6g.xlarge', at: clock.now() + 3_600_000 } });
  await assert.rejects(busy.resize({ class: 'db.r6g.2xlarge' }, { key: key() }), { type: 'Refused', message: /is modifying/ });
  const largest = around({ class: 'db.r6g.2xlarge' });
  await assert.rejects(largest.resize({}, { key: key() }), { type: 'Refused', message: /no class above db\.r6g\.2xlarge/ });
  const denied = around({}, { denied: ['ModifyDBInstance'] });
  const call = key();
  const { digest } = planned(await denied.resize({}, { key: call }));
  await assert.rejects(denied.resize({}, { key: call, approved: digest }), { type: 'Forbidden', message: /AccessDenied/ });
  assert.deepEqual([...busy.messages, ...largest.messages, ...denied.messages], []);
});

test('a rate of calls that is exceeded, and an instance that is busy at the moment of the write, are tried again', async () => {
  const { connection } = rdsWith(clock, { throttled: 1 });
  const { instance, setClass } = connectRds(connection, { ...clock, fetch: connection.fetch });
  const name = 'nqba-prod-db';
  const crosses = (status: number, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof SystemError);
    assert.match(error.message, message);
    const { again, nothingDone } = policyFor(error);
    assert.deepEqual([error.status, again, nothingDone], [status, true, true]);
    return true;
  };
  await assert.rejects(instance(name), crosses(429, /^RDS answered 400: Throttling: Rate exceeded$/));
  assert.equal((await instance(name)).status, 'available');
  await setClass(name, 'db.r6g.xlarge');
  await assert.rejects(setClass(name, 'db.r6g.2xlarge'), crosses(409, /^RDS answered 400: InvalidDBInstanceState/));
});

test('a class that RDS does not offer is not asked for again', async () => {
  const { connection } = rdsWith(clock);
  const { setClass } = connectRds(connection, { ...clock, fetch: connection.fetch });
  await assert.rejects(setClass('nqba-prod-db', 'db.none'), { status: 400 });
});

test('without AWS_REGION it is a command to paste', async () => {
  const { database } = activitiesWith({ kubernetes: { fetch: armed } }, clock);
  const outcome = await database.resize({ class: 'db.r6g.xlarge' }, { key: key() });
  assert.match(
    JSON.stringify(outcome),
    /aws rds modify-db-instance .*nqba-prod-db --db-instance-class db\.r6g\.xlarge --apply-immediately/,
  );
});
