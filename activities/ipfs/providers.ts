/** The two providers, and what of them a step needs. */

import type { Kubo } from '../connectors/kubo.ts';
import type { PinningService, ServicePin } from '../connectors/pinning-service.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { stopped } from '../failures.ts';
import { limits } from '../limits.ts';
import type { Running } from '../running.ts';

type Connected = Pick<Deps, 'systems'>;

/** @throws SystemError */
export function primaryOf({ systems: { kubo } }: Connected): Kubo {
  if (kubo) return kubo;
  throw notConnected('IPFS', 'IPFS_API_URL');
}

/** @throws SystemError */
export function backupOf({ systems: { pinning } }: Connected): PinningService {
  if (pinning) return pinning;
  throw notConnected('The second IPFS provider', 'IPFS_BACKUP_URL');
}

/** Waits until the second provider has it; asks it to pin what it does not have. @throws `Refused` where it does not, SystemError */
export async function pinnedAtBackup(cid: string, deps: Deps, running: Running): Promise<ServicePin> {
  const backup = backupOf(deps);
  const until = deps.now() + limits.rollout;
  let pin = await backup.find(cid);
  if (!pin || pin.status === 'failed') pin = await backup.pin(cid, `nqba-runbooks ${cid.slice(0, 16)}`);
  for (;;) {
    running.heartbeat();
    if (pin?.status === 'pinned') return pin;
    if (pin?.status === 'failed' || deps.now() >= until) throw notThere(cid, pin);
    await deps.sleep(limits.look, running.signal);
    pin = await backup.find(cid);
  }
}

const notThere = (cid: string, pin: ServicePin | undefined) =>
  stopped('Refused', `The second provider has not pinned ${cid} (${pin?.says ?? pin?.status ?? 'it is not there'}).`);

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.5 GiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
