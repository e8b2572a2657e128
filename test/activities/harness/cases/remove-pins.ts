/** Pins that a check froze, removed at a real Kubo one after the other; a second provider has each of them. */

import { connectPinning } from '../../../../activities/connectors/pinning-service.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import { answers } from '../../bare.ts';
import { clock } from '../../stage.ts';
import type { Act, ListCase } from '../case.ts';

const pinned = { requestid: 'r-1', status: 'pinned', created: '2026-11-24T00:00:00Z', pin: { cid: 'any' }, delegates: [] };
const hasEach = answers(200, { count: 1, results: [pinned] });

export const removePins: ListCase = {
  is: 'list',
  name: 'removePins',
  to: 'ipfs',
  async world({ on, incident }) {
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
      systems: { pinning: connectPinning({ url: 'http://pinning', token: 'token' }, { ...clock, fetch: hasEach }) },
    };
  },
};
