/** The entries of the LTC, read in pages, and what one must look like: its hash, and the record of it that is pinned. */

import { z } from 'zod';
import { sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';
import type { LedgerEntry } from '../connectors/operator-api/ledger.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';

const pageSize = 500;
/** Half a million entries: more are not read in one go. */
const mostPages = 1_000;

/** Oldest first. @throws SystemError */
export async function* entriesSince(deps: Pick<Deps, 'systems'>, since: string): AsyncGenerator<LedgerEntry[]> {
  const { operatorApi } = deps.systems;
  if (!operatorApi) throw notConnected('The NQBA API for operators', 'NQBA_API_TOKEN');
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { entries, next } = await operatorApi.ledger.entries({ since, limit: pageSize, cursor });
    yield entries;
    if (next === undefined) return;
    if (next === cursor) throw endless('gave the same page of entries twice');
    cursor = next;
  }
  throw endless(`has more than ${mostPages * pageSize} entries of the LTC since ${since}`);
}

const endless = (text: string) => new SystemError({ system: 'The NQBA API', fault: 'garbled', text });

export const hashOf = ({ id, at, operation, data_hash, previous_hash }: LedgerEntry) =>
  sha256([id, at, operation, data_hash, previous_hash].join('|'));

/** Its own hash is right. */
export const isWhole = (entry: LedgerEntry) => hashOf(entry) === entry.hash;

const pinnedFields = ['id', 'at', 'operation', 'data_hash', 'previous_hash', 'hash'] as const;

/** The JSON of an entry that is pinned, its fields in this order: the same entry has the same CID. */
export const recordOf = (entry: LedgerEntry): string =>
  JSON.stringify(Object.fromEntries(pinnedFields.map(field => [field, entry[field]])));

const record = z.looseObject({
  id: z.string().optional(),
  at: z.string().optional(),
  operation: z.string().optional(),
  data_hash: z.string().optional(),
  previous_hash: z.string().optional(),
  hash: z.string().optional(),
});

/** The pinned content is a record of this entry: it has its hash, or that of its data, and nothing of it is another. */
export function isRecordOf(entry: LedgerEntry, content: string): boolean {
  const { data } = record.safeParse(jsonOf(content));
  if (!data || (data.hash === undefined && data.data_hash === undefined)) return false;
  return pinnedFields.every(field => data[field] === undefined || data[field] === entry[field]);
}
