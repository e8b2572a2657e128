/** The Living Technical Codex: a chain of entries, one every ten minutes; most are pinned, and one that somebody changed breaks it. */

import type { Context } from 'hono';
import { z } from 'zod';
import type { State } from '../../world/customers.ts';
import { readBody, readQuery } from '../job-request.ts';
import { closed, detail, iso, type Part, type Platform, sha256, Since } from './served.ts';

export interface LtcEntry {
  id: string;
  at: string;
  operation: string;
  data_hash: string;
  previous_hash: string;
  hash: string;
  ipfs_reference: string | null;
}

const every = 10 * 60_000;
const operations = ['quantum_job', 'entitlement_change', 'login', 'report'] as const;
const genesis = '0'.repeat(64);

/** What is pinned of an entry: these fields as JSON, in this order. */
export const pinnedText = ({ id, at, operation, data_hash, previous_hash, hash }: LtcEntry) =>
  JSON.stringify({ id, at, operation, data_hash, previous_hash, hash });

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** A CID of version 1: raw bytes, SHA-256, in base 32 (https://github.com/multiformats/cid). */
export function cidOf(text: string): string {
  const bytes = Buffer.concat([Buffer.from([1, 0x55, 0x12, 0x20]), Buffer.from(sha256(text), 'hex')]);
  let bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, '0');
  return `b${(bits.match(/.{5}/g) ?? []).map(five => letters[Number.parseInt(five, 2)]).join('')}`;
}

let known: { from: number; entries: LtcEntry[] } = { from: 0, entries: [] };

/** The chain as it was written, up to a moment. */
function chain(from: number, now: number): LtcEntry[] {
  if (known.from !== from) known = { from, entries: [] };
  const count = Math.max(0, Math.floor((now - from) / every) + 1);
  for (let place = known.entries.length; place < count; place++) {
    const [id, at] = [`ltc-${String(place).padStart(6, '0')}`, iso(from + place * every)];
    const operation = operations[place % operations.length] ?? 'report';
    const [data_hash, previous_hash] = [sha256(`data of ${id}`), known.entries.at(-1)?.hash ?? genesis];
    const hash = sha256([id, at, operation, data_hash, previous_hash].join('|'));
    const entry = { id, at, operation, data_hash, previous_hash, hash, ipfs_reference: null };
    known.entries.push({ ...entry, ipfs_reference: cidOf(pinnedText(entry)) });
  }
  return known.entries.slice(0, count);
}

const never = Number.POSITIVE_INFINITY;

function seen(entry: LtcEntry, { unpinnedFrom = never, unpinnedUntil = never, changed, references }: State['ltc']): LtcEntry {
  const at = Date.parse(entry.at);
  const pinned = at >= unpinnedFrom && at < unpinnedUntil ? null : entry.ipfs_reference;
  const ipfs_reference = references[entry.id] ?? pinned;
  const data_hash = changed.includes(entry.id) ? sha256(`changed data of ${entry.id}`) : entry.data_hash;
  return { ...entry, data_hash, ipfs_reference };
}

export const entriesOf = (ltc: State['ltc'], now: number) => chain(ltc.from, now).map(entry => seen(entry, ltc));

const Query = Since.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) });
const Reference = z.object({ cid: z.string().min(1).max(200) });

function listed(c: Context, { customers, around }: Platform): Response {
  const query = readQuery(c, Query);
  if (query instanceof Response) return query;
  const since = query.since ? Date.parse(query.since) : 0;
  const later = entriesOf(customers.read().ltc, around.now()).filter(({ at }) => Date.parse(at) >= since);
  const begins = query.cursor === undefined ? 0 : later.findIndex(({ id }) => id === query.cursor);
  if (begins < 0) return detail(c, 400, 'Invalid cursor');
  return c.json({ entries: later.slice(begins, begins + query.limit), next: later[begins + query.limit]?.id ?? null });
}

async function refer(c: Context, { customers, around }: Platform): Promise<Response> {
  const { ltc } = customers.read();
  const entry = entriesOf(ltc, around.now()).find(({ id }) => id === c.req.param('id'));
  if (!entry) return detail(c, 404, 'Entry not found');
  const wanted = await readBody(c, Reference);
  if (wanted instanceof Response) return wanted;
  if (entry.ipfs_reference !== null && entry.ipfs_reference !== wanted.cid)
    return detail(c, 409, `Entry ${entry.id} has the reference ${entry.ipfs_reference}`);
  customers.change({ ltc: { ...ltc, references: { ...ltc.references, [entry.id]: wanted.cid } } });
  return c.json({ ...entry, ipfs_reference: wanted.cid });
}

export const ltc: Part = (app, base, platform) => {
  const [entries, reference] = [`${base}/v1/ltc/entries`, `${base}/v1/ltc/entries/:id/ipfs_reference`];
  app.get(entries, c => listed(c, platform));
  app.put(reference, c => refer(c, platform));
  closed(app, [entries, reference]);
};
