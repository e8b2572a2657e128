// `npm run mutate -- --runbook SLUG`: which activity calls of a runbook could be taken out without a rehearsal noticing.
import { idsOf, rehearsed, slugs } from './rehearsed.ts';
import { type Taken, takenOut } from './taking-out.ts';

/** Calls that no rehearsal misses, a line each. Says what goes on at least every ten seconds. */
export async function uncoveredIn(slug: string, say: (line: string) => void): Promise<string[]> {
  if (!slugs.includes(slug)) throw new Error(`${slug} is not written; these are: ${slugs.join(', ')}`);
  const subject = rehearsed(slug);
  const taken: Taken[] = [];
  const heartbeat = setInterval(() => say(`… ${slug}: ${taken.length} of ${subject.calls.length} calls taken out`), 10_000);
  try {
    const all = await takenOut(subject, one => {
      taken.push(one);
      say(`${lineOf(slug, one)}: ${one.noticed === undefined ? 'not covered' : `missed by “${one.noticed}”`}`);
    });
    return all.filter(({ noticed }) => noticed === undefined).map(one => `not covered: ${lineOf(slug, one)}`);
  } finally {
    clearInterval(heartbeat);
  }
}

const lineOf = (slug: string, call: Taken) =>
  `${call.file}:${call.line} “${call.title}” (${idsOf(slug, call).join(', ') || 'no line of the document'})`;
