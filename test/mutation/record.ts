// Keeps which test missed each call that was taken out of a runbook, for `runbooks coverage`.
import { renameSync, writeFileSync } from 'node:fs';
import { type Missed, missedFile, missedOf } from '../../client/covered.ts';
import type { Rehearsed } from './rehearsed.ts';
import type { Taken } from './taking-out.ts';

/** As docs/written/missed.json names it. */
export const fileOf = ({ file }: Pick<Taken, 'file'>) => file.replace('workflows/runbooks/', '');

/** Calls that no test has missed yet: those that were never taken out, too. */
export function notYetMissed(subject: Rehearsed, missed = missedOf()): Rehearsed {
  return { ...subject, calls: subject.calls.filter(call => typeof missed[fileOf(call)]?.[call.title] !== 'string') };
}

/** What is kept after a call; of several calls with one title that which is not missed. Titles that are gone are dropped. */
export function withTaken(missed: Missed, all: Rehearsed['calls'], taken: Taken[]): Missed {
  const kept = { ...missed };
  for (const file of new Set(all.map(fileOf))) {
    const titles = all.filter(call => fileOf(call) === file).map(({ title }) => title);
    const before = Object.entries(missed[file] ?? {});
    const now = taken.filter(call => fileOf(call) === file).map(({ title, noticed }) => [title, noticed ?? null] as const);
    const lastly = now.toSorted(([, one], [, other]) => Number(one === null) - Number(other === null));
    const results = new Map([...before, ...lastly]);
    kept[file] = Object.fromEntries(titles.flatMap(title => (results.has(title) ? [[title, results.get(title) ?? null]] : [])));
  }
  return Object.fromEntries(Object.entries(kept).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Replaced as a whole: others may keep results of other runbooks at the same time. */
export function keep(all: Rehearsed['calls'], taken: Taken[]) {
  const draft = new URL(`missed.${process.pid}.json`, missedFile);
  writeFileSync(draft, `${JSON.stringify(withTaken(missedOf(), all, taken), null, 2)}\n`);
  renameSync(draft, missedFile);
}
