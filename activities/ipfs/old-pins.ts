/** Pins that no younger record of the LTC needs: a tenth of all pins at most, those without a record first, then the oldest. */

import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { ipfsOf } from '../platform.ts';
import { hashNamed } from './cids.ts';
import { entriesSince } from './ledger.ts';
import { primaryOf, sizeText } from './providers.ts';

/** As the check freezes it. */
export const pinItem = z.object({
  cid: z.string().min(1).max(200),
  /** RFC 3339, of its youngest record; null where no record refers to it. */
  at: z.string().nullable(),
  /** Bytes; absent where that was not measured in time. */
  bytes: z.number().optional(),
});
export type PinItem = z.infer<typeof pinItem>;

export const mostPins = 1_000;
/** Of all pins. */
export const mostShare = 0.1;

export interface References {
  /** Of each hash when its youngest record was made. */
  youngest: Map<string, string>;
  /** When the records were made whose reference is no CID: no one can say which pin is theirs. */
  unreadable: string[];
}

const beginning = '1970-01-01T00:00:00Z';

/** @throws SystemError */
export async function referencesSince(deps: Pick<Deps, 'systems'>, since: string = beginning): Promise<References> {
  const all: References = { youngest: new Map(), unreadable: [] };
  for await (const page of entriesSince(deps, since))
    for (const { ipfs_reference: reference, at } of page) if (reference) note(all, hashNamed(reference), at);
  return all;
}

function note({ youngest, unreadable }: References, hash: string | undefined, at: string): void {
  if (hash === undefined) unreadable.push(at);
  else if (Date.parse(at) >= Date.parse(youngest.get(hash) ?? beginning)) youngest.set(hash, at);
}

/** When the youngest record of a pin was made. */
export const youngestRecordOf = ({ youngest }: References, cid: string): string | undefined => youngest.get(hashNamed(cid) ?? '');

/** Why no pin may go at all; nothing where each record under retention names one. */
export function unreadableIn({ unreadable }: References, deps: Pick<Deps, 'platform' | 'now'>): string | undefined {
  const retained = unreadable.filter(at => isRetained(at, deps));
  if (retained.length === 0) return undefined;
  return `${retained.length} records under audit retention refer to no CID, the first of ${retained[0]}, so no one can say which pin is theirs`;
}

/** Under audit retention: its record is younger. */
export function isRetained(at: string | null | undefined, deps: Pick<Deps, 'platform' | 'now'>): boolean {
  if (at === undefined || at === null) return false;
  return deps.now() - Date.parse(at) < ipfsOf(deps.platform).retentionDays * 86_400_000;
}

/** @throws SystemError, also where the records cannot be read: then no pin may go */
export async function oldPins(deps: Deps): Promise<{ items: PinItem[]; text: string }> {
  const kubo = primaryOf(deps);
  const [pins, references] = await Promise.all([kubo.pins(), referencesSince(deps)]);
  const unreadable = unreadableIn(references, deps);
  if (unreadable) return { items: [], text: `No pin is in the list: ${unreadable}.` };
  const free = pins
    .filter(cid => hashNamed(cid) !== undefined)
    .map(cid => ({ cid, at: youngestRecordOf(references, cid) ?? null }))
    .filter(({ at }) => !isRetained(at, deps))
    .toSorted((one, other) => (one.at ?? '').localeCompare(other.at ?? '') || one.cid.localeCompare(other.cid));
  const chosen = free.slice(0, Math.min(mostPins, Math.floor(pins.length * mostShare)));
  const items = await sized(chosen, deps);
  const text = `Of ${pins.length} pins ${free.length} are of no record under retention; ${items.length} of them (${toldOf(items).bytes}) are in the list.`;
  return { items, text };
}

/** Milliseconds: the check has ten seconds in all. */
const patience = 4_000;

async function sized(chosen: { cid: string; at: string | null }[], deps: Deps): Promise<PinItem[]> {
  const kubo = primaryOf(deps);
  const until = deps.now() + patience;
  const items: PinItem[] = [];
  for (const one of chosen) {
    const bytes = deps.now() < until ? await kubo.size(one.cid).catch(() => undefined) : undefined;
    items.push({ ...one, bytes });
  }
  return items;
}

/** For people: bytes, the oldest and the newest of those that have a record. */
export function toldOf(items: PinItem[]): { bytes: string; ages: string } {
  const known = items.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  const sum = sizeText(known.reduce((total, bytes) => total + bytes, 0));
  const bytes = known.length === items.length ? sum : `at least ${sum}`;
  const times = items.flatMap(({ at }) => at ?? []).toSorted();
  const without = items.length - times.length;
  const span = times.length > 0 ? [`records from ${times[0]} to ${times.at(-1)}`] : [];
  return { bytes, ages: [...span, ...(without > 0 ? [`${without} without a record`] : [])].join(', ') };
}
