/**
 * RDS over moto, which speaks the whole protocol of AWS; AWS's client asks beside us. It differs from RDS: a class changes at once
 * without being `modifying`, every class is offered, nothing is denied, and the time to which it can be restored is always now.
 */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CreateDBInstanceCommand, DeleteDBSnapshotCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { connectAll } from '../../activities/connectors/index.ts';
import { createActivities } from '../../activities/index.ts';
import { installed } from '../../lab/peers/installed.ts';
import { type Running, startProcess } from '../../lab/process.ts';
import { aPlatform, armed, running } from '../activities/bare.ts';
import { credentials, region } from '../activities/database-at-rds.ts';
import { because, done, planned } from '../activities/outcomes.ts';
import { clock } from '../activities/stage.ts';
import { freePort } from '../client/temporal-server.ts';

const moto = installed('moto_server');
const skip = moto ? false : 'not run: moto_server is not installed';
const name = aPlatform.database?.instance ?? assert.fail();
const prices = { currency: 'USD', perHour: { 'db.r6g.large': 0.5, 'db.r6g.xlarge': 1 }, asOf: '2026-11-01' };

let server: Running;
let aws: RDSClient;
let endpoint: string;
before(async () => {
  if (!moto) return;
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  server = await startProcess({
    name: 'moto',
    command: moto,
    args: ['-H', '127.0.0.1', '-p', `${port}`],
    log: join(mkdtempSync(join(tmpdir(), 'nqba-moto-')), 'log'),
    ports: [port],
    ready: async () => void (await fetch(endpoint)),
  });
  aws = new RDSClient({ region, endpoint, credentials });
  const made = { DBInstanceIdentifier: name, DBInstanceClass: 'db.r6g.large', Engine: 'postgres', AllocatedStorage: 100 };
  const secrets = { MasterUsername: 'nqba', MasterUserPassword: crypto.randomUUID() };
  await aws.send(new CreateDBInstanceCommand({ ...made, ...secrets, MultiAZ: true, BackupRetentionPeriod: 30 }));
});
after(() => server?.stop());

const classNow = async () => {
  const { DBInstances = [] } = await aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  return DBInstances[0]?.DBInstanceClass;
};

/** Jobs of the cluster have no backup in their names; nothing is held. */
function worker(priced = true) {
  const { database = assert.fail() } = aPlatform;
  const platform = { ...aPlatform, database: { ...database, ...(priced && { prices }) } };
  const folder = mkdtempSync(join(tmpdir(), 'nqba-artifacts-'));
  const kubernetes = { fetch: (request: Request) => (/jobs/.test(request.url) ? Response.json({ items: [] }) : armed()) };
  const systems = connectAll({ artifacts: { folder }, kubernetes, rds: { region, endpoint, credentials } }, clock);
  return createActivities({ platform, systems, ...clock, running });
}

test('the next class is planned with its price, its interruption and its way back, approved, measured and undone', {
  skip,
}, async () => {
  const { database, kubernetes } = worker();
  const key = `run-${crypto.randomUUID()}/Resolution Steps/Scale database resources/1`;
  const asked = await database.resize({}, { key });
  const plan = planned(asked);
  assert.equal(because(asked), 'approval');
  const [change] = plan.changes;
  assert.deepEqual([change?.before, change?.after, await classNow()], ['db.r6g.large', 'db.r6g.xlarge', 'db.r6g.large']);
  const told = plan.consequences.join(' ');
  assert.match(told, /60 to 120 seconds.*1 instead of 0\.5 USD an hour, about 365 USD a month more \(prices of 2026-11-01\)/);
  assert.match(told, /The way back is the class db\.r6g\.large/);
  const receipt = done(await database.resize({}, { key, approved: plan.digest }));
  assert.deepEqual([receipt.effect.measured, await classNow()], ['whole', 'db.r6g.xlarge']);
  const { takeBack = assert.fail() } = receipt;
  const undone = done(await kubernetes.takeBack({ takeBack }, { key: `${key}/Undo` }));
  assert.deepEqual([undone.effect.measured, await classNow()], ['whole', 'db.r6g.large']);
});

test('a price that no one has listed is unknown, and a class that is not listed is refused', { skip }, async () => {
  const { database } = worker(false);
  const key = `run-${crypto.randomUUID()}/a/b/1`;
  const { consequences } = planned(await database.resize({}, { key }));
  assert.match(consequences.join(' '), /Its price is unknown: .* has none for db\.r6g\.large, db\.r6g\.xlarge\./);
  await assert.rejects(database.resize({ class: 'db.t4g.micro' }, { key }), {
    type: 'BadInput',
    message: /not in database\.classes/,
  });
});

test('its automated snapshot is read, and missing once someone has deleted it', { skip }, async () => {
  const { database } = worker();
  const young = await database.backups({ youngerThan: 26 });
  assert.match(
    young.evidence,
    /^nqba-platform has no Job .*never set up\. The newest automated snapshot of nqba-prod-db is rds:nqba-prod-db-/,
  );
  const [, snapshot = ''] = /is (rds:\S+),/.exec(young.evidence) ?? [];
  await aws.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: snapshot }));
  const missing = await database.backups({ youngerThan: 26 });
  assert.deepEqual([missing.verdict, /for 30 days: missing\./.test(missing.evidence)], ['faulty', true]);
});
