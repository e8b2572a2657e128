/** The Living Technical Codex: what the platform did, entry by entry, each with the hash of the one before. */

import { z } from 'zod';
import { type Calls, name, optional, time } from './calls.ts';

/** The fields have the platform's names. */
export interface LedgerEntry {
  id: string;
  at: string;
  operation: string;
  data_hash: string;
  previous_hash: string;
  /** SHA-256 in hex of `id|at|operation|data_hash|previous_hash`. */
  hash: string;
  ipfs_reference: string | undefined;
}

export interface LedgerAsked {
  /** RFC 3339. */
  since: string;
  /** At most 500. */
  limit: number;
  cursor?: string | undefined;
}

/** Every call throws SystemError. */
export interface Ledger {
  entries: (asked: LedgerAsked) => Promise<{ entries: LedgerEntry[]; next: string | undefined }>;
  /** 409 where it has another one. */
  setReference: (id: string, cid: string) => Promise<void>;
}

/** Wrong hashes are a finding: any text is read. */
const hash = z.string().max(200);
const entry = z.object({
  id: name,
  at: z.string().max(64).pipe(time),
  operation: z.string().max(500),
  data_hash: hash,
  previous_hash: hash,
  hash,
  ipfs_reference: optional(z.string().max(200)),
});
const page = z.looseObject({ entries: z.array(entry).max(500), next: optional(z.string().max(2000)) });

export const ledgerOf = ({ offered, write }: Calls): Ledger => ({
  entries: async asked => {
    const { entries, next } = await offered(page, '/v1/ltc/entries', { ...asked });
    return { entries, next };
  },
  setReference: (id, cid) => write('PUT', `/v1/ltc/entries/${encodeURIComponent(id)}/ipfs_reference`, { body: { cid } }),
});
