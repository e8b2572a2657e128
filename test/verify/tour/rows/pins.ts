/** IPFS Pin Failures: a full second provider is no way out; then one restart switches, old pins go, and every record is pinned again. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKubo } from '../../../../activities/connectors/kubo.ts';
import { connectOperatorApi } from '../../../../activities/connectors/operator-api.ts';
import type { Following } from '../../../../lab/guide/following.ts';
import { State } from '../../../../lab/world/customers.ts';
import { setCustomers } from '../../../support/operating.ts';
import type { Tour } from '../../../support/touring.ts';
import { answerWithSecret, asks, isSettled, type Row, searched, storeSecret } from './row.ts';

const clock = { now: Date.now, sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, { signal }) };
const hoursAgo = (hours: number) => Date.now() - hours * 3_600_000;
const named = ({ platform }: Tour, name: string) => platform.environment[name] ?? assert.fail(`${name} is not set`);

/** The first provider, the LTC and the second provider, as other clients of them. */
const kubo = (tour: Tour) => connectKubo({ url: named(tour, 'IPFS_API_URL') }, { ...clock, fetch });
const ledger = (tour: Tour) =>
  connectOperatorApi({ url: named(tour, 'NQBA_API_URL'), token: named(tour, 'NQBA_API_TOKEN') }, { ...clock, fetch }).ledger;

async function pinnedAtSecond(tour: Tour): Promise<string[]> {
  const headers = { authorization: 'Bearer another' };
  const answer = await fetch(`${named(tour, 'IPFS_BACKUP_URL')}/pins?limit=1000`, { headers });
  const { results }: { results: { pin: { cid: string } }[] } = JSON.parse(await answer.text());
  return results.map(({ pin }) => pin.cid);
}

/** From when on, and until when, pins of the platform have failed. */
async function pinsFail({ platform }: Tour, failing: Partial<State['ltc']>) {
  const { ltc } = State.parse(JSON.parse(await readFile(join(platform.practice.dir, 'customers.json'), 'utf8')));
  await setCustomers(platform, { ltc: { ...ltc, ...failing } });
}

async function unpinned(tour: Tour): Promise<string[]> {
  const pins = await kubo(tour).pins();
  const { entries } = await ledger(tour).entries({ since: new Date(hoursAgo(3)).toISOString(), limit: 500 });
  return entries.flatMap(({ ipfs_reference: cid }) => (pins.includes(cid ?? '') ? [] : [cid ?? 'none']));
}

const backup = 'Activate Backup Pinning';

export const pins: Row[] = [
  {
    runbook: 'ipfs-pin-failures',
    isOver: async tour => (await unpinned(tour)).length === 0,
    async run(tour) {
      const before = await kubo(tour).pins();
      await pinsFail(tour, { unpinnedFrom: hoursAgo(2) });
      await tour.platform.set('pinning', 'full');
      const incident = await tour.alerted('IpfsPinFailureRateHigh');
      const { id, plan } = await incident.asked(backup);
      assert.match(plan?.consequences.join(' ') ?? '', /INSUFFICIENT_FUNDS/);
      await incident.decide(id, 'approve', 'ann', { digest: plan?.digest ?? '' });
      await incident.until('a refusal', ({ refusals }) => refusals.find(({ what }) => what === `approve ${backup}`));
      await tour.platform.set('pinning', 'healthy');
      await tour.answering(incident, isSettled('Pause New Pins'));
      const answers = await searched(tour, incident, [
        { cause: 'Network Issues' },
        { cause: 'Authentication Issues', after: () => newCredentials(tour, incident) },
        { cause: 'Storage Full', before: () => pinsFail(tour, { unpinnedUntil: Date.now() }) },
      ]);
      await tour.closed(incident, { alert: 'IpfsPinFailureRateHigh', answers });
      await oldPinsAreGone(tour, before);
      return incident;
    },
  },
];

async function newCredentials(tour: Tour, incident: Following) {
  const which = 'Update configuration: which Secret';
  await storeSecret(tour, 'nqba-ipfs-a', { 'project-id': 'another', 'project-secret': 'made-for-practice' });
  await tour.answering(incident, asks(which));
  await answerWithSecret(tour, incident, which, 'nqba-ipfs-a');
}

/** At most a tenth of them, and each is pinned at the second provider. */
async function oldPinsAreGone(tour: Tour, before: string[]) {
  const [pins, second] = await Promise.all([kubo(tour).pins(), pinnedAtSecond(tour)]);
  const gone = before.filter(cid => !pins.includes(cid));
  assert.ok(gone.length >= 20 && gone.length <= before.length / 10, `${gone.length} of ${before.length}`);
  assert.deepEqual(
    gone.filter(cid => !second.includes(cid)),
    [],
  );
}
