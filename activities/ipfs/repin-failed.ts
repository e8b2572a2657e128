/**
 * Entries of the LTC that were not pinned, or resolve nowhere, are pinned again from their own record, a hundred in a batch, oldest
 * first. Twice equals once: the same entry is the same content, and that has one CID.
 */

import { z } from 'zod';
import type { Effect } from '../../workflows/contract/action.ts';
import type { LedgerEntry } from '../connectors/operator-api/ledger.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext } from '../engine/action.ts';
import { type List, type Listed, runList } from '../engine/run-list.ts';
import { entriesSince, isWhole, recordOf } from './ledger.ts';
import { primaryOf } from './providers.ts';

const entry = z.object({
  id: z.string(),
  at: z.string(),
  operation: z.string(),
  data_hash: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
  ipfs_reference: z.string().optional(),
});
/** As the check freezes them. */
const batch = z.object({ entries: z.array(entry).min(1).max(100) });
type Batch = z.infer<typeof batch>;

const perBatch = 100;
const mostBatches = 100;

export const batchesOf = (entries: LedgerEntry[]): object[] =>
  Array.from({ length: Math.ceil(entries.length / perBatch) }, (_, index) => ({
    entries: entries.slice(index * perBatch, (index + 1) * perBatch),
  }));

export const repinFailed: Action<Listed> = {
  name: 'repinFailed',
  run: (input, context) => runList(repinning, input, context),
  undo: 'a second pin of the same content is the same pin',
};

const lastOf = ({ entries }: Batch) => entries.at(-1)?.id ?? '';
const countOf = (batches: Batch[]) => batches.reduce((sum, { entries }) => sum + entries.length, 0);

const repinning: List<Listed, Batch> = {
  name: 'repinFailed',
  item: batch,
  nameOf: one => `Entries to ${lastOf(one)}`,
  atMost: mostBatches,
  async words(batches, { list }) {
    const first = batches[0]?.entries[0];
    return {
      field: 'batches of entries',
      summary: `${countOf(batches)} entries of “${list.name}” are pinned again, a hundred at a time.`,
      consequences: [
        `The oldest is ${first?.id ?? 'none'} of ${first?.at ?? 'no time'}. Their records in the LTC stay as they are.`,
      ],
    };
  },
  asks: async () => undefined,
  async one({ entries }, _key, { deps, running }) {
    for (const one of entries) {
      running.heartbeat({ last: one.id });
      await pinAgain(one, deps);
    }
    return `to ${entries.at(-1)?.id ?? ''}`;
  },
  measure: pinnedNow,
};

type Entry = Batch['entries'][number];

/** A reference that is there stays: its content is fetched, else made again, and where that is another it is left. @throws SystemError */
async function pinAgain(one: Entry, deps: Deps): Promise<void> {
  const kubo = primaryOf(deps);
  if (!isWhole({ ...one, ipfs_reference: undefined })) return;
  const { ipfs_reference: former } = one;
  if (former !== undefined && ((await kubo.isPinned(former)) || (await fetched(former, deps)))) return;
  const cid = await kubo.add(recordOf({ ...one, ipfs_reference: undefined }));
  if (former === undefined) await refer(one.id, cid, deps);
  else if (former !== cid) await kubo.unpin(cid);
}

/** Pinned from wherever it is still to be had. */
async function fetched(cid: string, deps: Deps): Promise<boolean> {
  const kubo = primaryOf(deps);
  if ((await kubo.cat(cid)) === undefined) return false;
  await kubo.pin(cid);
  return true;
}

/** An entry that has a reference by now was pinned by the platform itself. @throws SystemError */
async function refer(id: string, cid: string, { systems: { operatorApi } }: Deps): Promise<void> {
  if (!operatorApi) throw notConnected('The NQBA API for operators', 'NQBA_API_TOKEN');
  try {
    await operatorApi.ledger.setReference(id, cid);
  } catch (error) {
    if (!(error instanceof SystemError && error.status === 409)) throw error;
  }
}

/** Each of them is read again: it has a reference, and that is pinned at the first provider. */
async function pinnedNow(batches: Batch[], _input: Listed, { deps, running }: ActionContext): Promise<Effect> {
  const all = batches.flatMap(({ entries }) => entries);
  const [pins, references] = await Promise.all([primaryOf(deps).pins(), referencesOf(all, deps)]);
  running.heartbeat({ last: all.at(-1)?.id });
  const there = new Set(pins);
  const left = all.filter(({ id }) => !there.has(references.get(id) ?? ''));
  if (left.length === 0) return { measured: 'whole', text: `All ${all.length} entries have a reference that is pinned.` };
  const sample = left.slice(0, 5).map(({ id }) => id);
  const text = `${all.length - left.length} of ${all.length} entries have a reference that is pinned; ${sample.join(', ')} cannot be made again.`;
  return { measured: left.length < all.length ? 'part' : 'none', text };
}

/** By the ids of entries. @throws SystemError */
async function referencesOf(all: Entry[], deps: Deps): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const first = all.map(({ at }) => at).toSorted()[0];
  if (first === undefined) return found;
  for await (const page of entriesSince(deps, first))
    for (const { id, ipfs_reference: cid } of page) if (cid !== undefined) found.set(id, cid);
  return found;
}
