import type { Event, Timed } from './events.ts';
import { cut } from './text.ts';

/** One entry of the journal: an event, numbered, of at most 1 KiB. The version stands in every entry. */
export type Entry = { version: 1; number: number } & Timed;

/** Longest entry, in characters of its JSON. */
export const longestEntry = 1024;

/** The entry of an event. Long texts are cut; a plan is kept by its digest, as it can be made again. */
export function entryOf(number: number, at: string, event: Event): Entry {
  const entry: Entry = { version: 1, number, at, ...event };
  for (const longest of [600, 200, 60]) {
    const short = shortened(entry, longest) as Entry;
    if (JSON.stringify(short).length <= longestEntry) return short;
  }
  return { version: 1, number, at, kind: event.kind } as Entry;
}

function shortened(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return cut(value, longest);
  if (Array.isArray(value)) return value.slice(0, Math.max(4, longest / 25)).map(item => shortened(item, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, name === 'plan' ? digestOf(field) : shortened(field, longest)]),
  );
}

const digestOf = (plan: unknown) => {
  const { digest, summary } = plan as { digest: string; summary: string };
  return { digest, summary: cut(summary, 120) };
};
