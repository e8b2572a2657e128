/** Pins that a check froze, removed at a real Kubo one after the other; a pinning service has each of them already. */

import { connectPinning } from '../../../../activities/connectors/pinning-service.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import { pinning } from '../../../../lab/stand-ins/pinning.ts';
import { surroundings } from '../../../../lab/stand-ins/stand-in.ts';
import { clock } from '../../stage.ts';
import type { Act, ListCase } from '../case.ts';

/** So much faster than our clock that each is pinned at once. */
async function havingEach(cids: string[]) {
  const begun = Date.now();
  const { fetch } = pinning(surroundings({ now: () => begun + (Date.now() - begun) * 1_000 }));
  const second = connectPinning({ url: 'http://pinning', token: 'token' }, { ...clock, fetch });
  for (const cid of cids) await second.pin(cid, 'before');
  return second;
}

export const removePins: ListCase = {
  is: 'list',
  name: 'removePins',
  to: 'ipfs',
  async world({ on, incident }) {
    await on.ipfsRuns();
    // A tenth of all pins is the most.
    for (let count = 0; count < 30; count += 1) await on.pins.add(`pin ${count}`);
    const cids = await Promise.all(['one', 'two', 'three'].map(name => on.pins.add(`${incident} ${name}`)));
    const listed = async (these: string[]): Promise<Act> => {
      const list = await freeze(
        on.artifacts(incident),
        'pins to remove',
        these.map(cid => ({ cid, at: null })),
      );
      return (by, call) => by.ipfs.removePins({ list }, call);
    };
    return {
      act: await listed(cids),
      otherwise: await listed(cids.slice(1)),
      tooMany: await listed(Array.from({ length: 1_001 }, (_, index) => `bafy${index}`)),
      items: cids,
      systems: { pinning: await havingEach(cids) },
    };
  },
};
