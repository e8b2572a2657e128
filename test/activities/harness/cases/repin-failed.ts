/** Entries of the LTC that a check froze in batches, pinned at a real Kubo one batch after the other. */

import { freeze } from '../../../../activities/engine/frozen-list.ts';
import type { Act, ListCase } from '../case.ts';

const anHour = 3_600_000;

export const repinFailed: ListCase = {
  is: 'list',
  name: 'repinFailed',
  to: 'ipfs',
  unasked: true,
  async world({ on, incident }) {
    await on.ipfsRuns();
    const since = new Date(Date.now() - anHour).toISOString();
    const entries = (await on.operators.ledger.entries({ since, limit: 3 })).entries;
    const batches = entries.map(({ ipfs_reference: _, ...entry }) => ({ entries: [entry] }));
    const listed = async (these: object[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'entries to pin', these);
      return (by, call) => by.ipfs.repinFailed({ list }, call);
    };
    const many = Array.from({ length: 101 }, (_, index) => ({
      entries: batches.slice(0, 1).flatMap(({ entries: some }) => some.map(one => ({ ...one, id: `many-${index}` }))),
    }));
    return {
      act: await listed(batches),
      otherwise: await listed(batches.slice(1)),
      tooMany: await listed(many),
      items: entries.map(({ id }) => id),
    };
  },
};
