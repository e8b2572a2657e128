/** The LTC against itself and against IPFS: each entry's hash, the hash of the one before, and the JSON that is pinned of it. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { LedgerEntry } from '../connectors/operator-api/ledger.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { LtcRecordsFacts } from './facts.ts';
import { entriesSince, isRecordOf, isWhole } from './ledger.ts';
import { primaryOf } from './providers.ts';
import { batchesOf } from './repin-failed.ts';

export interface LtcRecordsInput {
  /** RFC 3339. */
  since: string;
  /** So many hours earlier. */
  hoursBefore?: number;
  /** The name under which entries that are not pinned are frozen, a hundred in each batch. */
  freeze?: string;
}

interface Walked {
  entries: LedgerEntry[];
  /** Ids of entries whose hash or predecessor is another. */
  broken: string[];
}

/** Milliseconds: the check has ten seconds in all. */
const patience = 7_000;
const atOnce = 8;

/** Mismatches are listed, and never repaired: an entry that is not whole is in no list. @throws SystemError */
export async function checkLtcRecords(
  deps: Deps,
  { since: from, hoursBefore = 0, freeze: name }: LtcRecordsInput,
): Promise<Finding<LtcRecordsFacts>> {
  if (Number.isNaN(Date.parse(from))) return { verdict: 'unknown', evidence: `${from} is no time: correct the step.` };
  const since = new Date(Date.parse(from) - hoursBefore * 3_600_000).toISOString();
  const { entries, broken } = await walked(deps, since);
  const pinned = await comparedAll(deps, entries);
  const failed = entries.filter(
    entry => isWhole(entry) && (pinned.unresolved.has(entry.id) || entry.ipfs_reference === undefined),
  );
  const mismatches = [...new Set([...broken, ...pinned.others])];
  const unpinned = entries.filter(({ ipfs_reference }) => ipfs_reference === undefined).length;
  const facts = { entries: entries.length, mismatches: mismatches.length, unpinned, unresolved: pinned.unresolved.size };
  const isFaulty = mismatches.length + unpinned + pinned.unresolved.size > 0;
  const verdict = isFaulty ? 'faulty' : pinned.untold > 0 ? 'unknown' : 'healthy';
  const frozen = name === undefined ? undefined : await freeze(deps.systems.artifacts, name, batchesOf(failed));
  return { verdict, evidence: textOf(since, { ...facts, untold: pinned.untold }, mismatches), facts, frozen };
}

/** Each names the one before; the first one's is outside of what was asked for. */
async function walked(deps: Deps, since: string): Promise<Walked> {
  const all: Walked = { entries: [], broken: [] };
  let before: LedgerEntry | undefined;
  for await (const page of entriesSince(deps, since))
    for (const entry of page) {
      const follows = before === undefined || entry.previous_hash === before.hash;
      if (!isWhole(entry) || !follows) all.broken.push(entry.id);
      all.entries.push(entry);
      before = entry;
    }
  return all;
}

interface Compared {
  /** Ids whose pinned content is no record of them. */
  others: string[];
  unresolved: Set<string>;
  /** How many were not read in time, or not answered. */
  untold: number;
}

/** Some at once, the newest first, as long as there is time. */
async function comparedAll(deps: Deps, entries: LedgerEntry[]): Promise<Compared> {
  const until = deps.now() + patience;
  const ahead = entries.filter(({ ipfs_reference }) => ipfs_reference !== undefined);
  const compared: Compared = { others: [], unresolved: new Set(), untold: 0 };
  const work = async () => {
    for (let entry = ahead.pop(); entry !== undefined; entry = ahead.pop()) {
      const seen = deps.now() < until ? await compare(deps, entry) : 'untold';
      if (seen === 'another') compared.others.push(entry.id);
      if (seen === 'nowhere') compared.unresolved.add(entry.id);
      if (seen === 'untold') compared.untold += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return compared;
}

async function compare(deps: Deps, entry: LedgerEntry): Promise<'same' | 'another' | 'nowhere' | 'untold'> {
  try {
    const content = await primaryOf(deps).cat(entry.ipfs_reference ?? '');
    if (content === undefined) return 'nowhere';
    return isRecordOf(entry, content) ? 'same' : 'another';
  } catch (error) {
    if (error instanceof SystemError) return 'untold';
    throw error;
  }
}

type Counts = LtcRecordsFacts & { untold: number };

function textOf(since: string, { entries, mismatches, unpinned, unresolved, untold }: Counts, broken: string[]): string {
  const sample = broken.slice(0, 5).join(', ');
  return [
    `${entries} entries of the LTC since ${since}:`,
    mismatches === 0 ? 'the chain of hashes is whole;' : `${mismatches} do not verify (${sample}), which no machine repairs;`,
    `${unpinned} are not pinned, ${unresolved} resolve nowhere${untold > 0 ? `, ${untold} could not be read` : ''}.`,
  ].join(' ');
}
