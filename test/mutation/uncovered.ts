// `npm run mutate -- --runbook SLUG`: which activity calls of a runbook could be taken out without a rehearsal noticing.
import type { Call } from './calls.ts';
import { keep, notYetMissed } from './record.ts';
import { idsOf, rehearsed, slugs } from './rehearsed.ts';
import { type Taken, takenOut } from './taking-out.ts';
import type { Verdicts } from './trials.ts';

interface Options {
  /** Said at least every ten seconds. */
  say: (line: string) => void;
  /** Only calls that no test has missed yet. */
  onlyNotCovered?: boolean;
  /** Whether docs/written/missed.json learns each result. */
  isKept?: boolean;
}

/** Calls that no rehearsal misses, a line each. */
export async function uncoveredIn(slug: string, { say, onlyNotCovered, isKept }: Options): Promise<string[]> {
  if (!slugs.includes(slug)) throw new Error(`${slug} is not written; these are: ${slugs.join(', ')}`);
  const all = rehearsed(slug);
  const subject = onlyNotCovered ? notYetMissed(all) : all;
  if (subject.calls.length === 0) return [];
  const verdicts: Verdicts = new Map();
  const told = new Set<number>();
  const heartbeat = setInterval(tell, 10_000);
  try {
    const results = await takenOut(subject, verdicts);
    return results.filter(({ noticed }) => noticed === undefined).map(one => `not covered: ${lineOf(slug, one)}`);
  } finally {
    clearInterval(heartbeat);
    tell();
  }

  function tell() {
    const tried = subject.calls.filter(({ id }) => verdicts.has(id));
    const taken = tried.map((call): Taken => ({ ...call, noticed: verdicts.get(call.id) }));
    const news = taken.filter(({ id }) => !told.has(id));
    if (isKept && news.length > 0) keep(all.calls, taken);
    for (const one of news)
      say(`${lineOf(slug, one)}: ${one.noticed === undefined ? 'not covered' : `missed by “${one.noticed}”`}`);
    for (const { id } of news) told.add(id);
    say(`… ${slug}: ${tried.length} of ${subject.calls.length} calls taken out`);
  }
}

const lineOf = (slug: string, call: Call) =>
  `${call.file}:${call.line} “${call.title}” (${idsOf(slug, call).join(', ') || 'no line of the document'})`;
