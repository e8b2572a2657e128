/** Activity calls that were taken out of a runbook, one at a time, and the test that missed each: docs/written/missed.json. */

import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** `npm run mutate -- --runbook` writes it. */
export const missedFile = new URL('../docs/written/missed.json', import.meta.url);

/** By file of the runbooks and title of the call: the name of a test that fails without it, null where all pass. */
const missed = z.record(z.string(), z.record(z.string(), z.string().nullable()));
export type Missed = z.infer<typeof missed>;

export const missedOf = (): Missed => (existsSync(missedFile) ? missed.parse(JSON.parse(readFileSync(missedFile, 'utf8'))) : {});

/** If a rehearsal misses the calls of a line when they are taken out. */
export const covers = ['covered', 'not covered', 'not tried'] as const;
export type Cover = (typeof covers)[number];

const calls = ['step', 'check', 'watch'];
const slugOf = (file: string) => file.split('/')[0]?.replace(/\.ts$/, '');
/** A part in the folder of one runbook may be used by others. */
const isShared = (file: string) => file.includes('/');

interface Placed {
  runbook: string;
  kind: string;
  /** Titles, where it is a call. */
  places: string[];
}

/** Undefined for a line that is no call. Of several calls it is as the worst that was tried: a place may be a question, or people's work. */
export function coverOf({ runbook, kind, places }: Placed, all: Missed): Cover | undefined {
  if (!calls.includes(kind)) return undefined;
  const files = Object.entries(all);
  const own = files.filter(([file]) => slugOf(file) === runbook);
  const shared = own.length > 0 ? files.filter(([file]) => isShared(file)) : [];
  const of = (title: string): Cover => {
    const [, titles = {}] = [...own, ...shared].find(([, titles]) => title in titles) ?? [];
    const test = titles[title];
    return test === undefined ? 'not tried' : test === null ? 'not covered' : 'covered';
  };
  const found = places.map(of);
  const tried = found.filter(cover => cover !== 'not tried');
  return covers.findLast(cover => (tried.length > 0 ? tried : found).includes(cover));
}

/** Titles that no test misses, those that the document does not have among them. */
export const notCovered = (runbook: string, all = missedOf()): string[] =>
  Object.entries(all)
    .filter(([file]) => slugOf(file) === runbook)
    .flatMap(([, titles]) => Object.entries(titles).flatMap(([title, test]) => (test === null ? [title] : [])));
