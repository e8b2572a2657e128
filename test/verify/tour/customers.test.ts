/** Incidents of what customers are owed, once each on real servers: alert, cause, write, recovery, closed. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKubo } from '../../../activities/connectors/kubo.ts';
import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import { binary } from '../../../lab/binaries.ts';
import { settledStep } from '../../../lab/guide/following.ts';
import { State } from '../../../lab/world/customers.ts';
import { Tour } from '../../support/touring.ts';

let tour: Tour;
before(async () => {
  await binary('ipfs', { say: line => process.stderr.write(`${line}\n`) });
  tour = await Tour.start(['ipfs-pin-failures'], { peers: true });
});
after(() => tour?.stop());

const clock = { now: Date.now, sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, { signal }) };
const hoursAgo = (hours: number) => Date.now() - hours * 3_600_000;
const named = (name: string) => tour.platform.environment[name] ?? assert.fail(`${name} is not set`);

/** The first provider, the LTC and the second provider, as other clients of them. */
const kubo = () => connectKubo({ url: named('IPFS_API_URL') }, { ...clock, fetch });
const ledger = () =>
  connectOperatorApi({ url: named('NQBA_API_URL'), token: named('NQBA_API_TOKEN') }, { ...clock, fetch }).ledger;
async function pinnedAtSecond(): Promise<string[]> {
  const headers = { authorization: 'Bearer another' };
  const answer = await fetch(`${named('IPFS_BACKUP_URL')}/pins?limit=1000`, { headers });
  const { results }: { results: { pin: { cid: string } }[] } = JSON.parse(await answer.text());
  return results.map(({ pin }) => pin.cid);
}

/** From when on, and until when, pins of the platform have failed. */
async function pinsFail(failing: Partial<State['ltc']>) {
  const { ltc } = State.parse(JSON.parse(await readFile(join(tour.platform.practice.dir, 'customers.json'), 'utf8')));
  const body = JSON.stringify({ ltc: { ...ltc, ...failing } });
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${named('STANDINS_CONTROL')}/customers`, { method: 'PUT', headers, body });
  assert.equal(status, 200);
}

const backup = 'Activate Backup Pinning';
const switched = ['configmaps/nqba-config', 'deployments/nqba-worker'];

test('IPFS Pin Failures: a full second provider is no way out; then one restart switches, old pins go, and every record is pinned again', async () => {
  const since = new Date();
  const before = await kubo().pins();
  await pinsFail({ unpinnedFrom: hoursAgo(2) });
  await tour.platform.set('pinning', 'full');
  const incident = await tour.alerted('IpfsPinFailureRateHigh');
  const { id, plan } = await incident.asked(backup);
  assert.match(plan?.consequences.join(' ') ?? '', /INSUFFICIENT_FUNDS/);
  await incident.decide(id, 'approve', 'ann', { digest: plan?.digest ?? '' });
  await incident.until('a refusal', ({ refusals }) => refusals.find(({ what }) => what === `approve ${backup}`));
  assert.deepEqual(await tour.written(since), []);
  await tour.platform.set('pinning', 'healthy');

  await tour.answering(incident, report => settledStep(report, 'Pause New Pins') !== undefined);
  assert.deepEqual(await tour.written(since), switched);
  await pinsFail({ unpinnedUntil: Date.now() });
  const answers = { 'What is the cause?': 'Storage Full' };
  const { outcome, standing } = await tour.closed(incident, { alert: 'IpfsPinFailureRateHigh', answers });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await tour.written(since), [...switched, ...switched, ...switched]);

  const pins = await kubo().pins();
  const gone = before.filter(cid => !pins.includes(cid));
  assert.ok(gone.length >= 20 && gone.length <= before.length / 10, `${gone.length} of ${before.length}`);
  const second = await pinnedAtSecond();
  assert.deepEqual(
    gone.filter(cid => !second.includes(cid)),
    [],
  );
  const { entries } = await ledger().entries({ since: new Date(hoursAgo(3)).toISOString(), limit: 500 });
  assert.deepEqual(
    entries.filter(({ ipfs_reference: cid }) => !pins.includes(cid ?? '')),
    [],
  );
});
