import type { Event, Timed } from './events.ts';
import { bytesOf, cut } from './text.ts';

/** One entry of the journal: an event, numbered, of at most 1 KiB. The version stands in every entry. */
export type Entry = { version: 1; number: number } & Timed;

/** What a run hands to the next one of it: its newest entries, and how many there are before them. */
export interface Carried {
  entries: Entry[];
  left: number;
}

/** Newest entries that a roll-over carries: what a payload holds with room to spare. */
const mostCarried = 400;

/** Everything that happened, in order. Entries are made when somebody reads them: most are never read. */
export class Journal {
  private readonly carried: Entry[];
  private readonly left: number;
  private readonly happened: Timed[] = [];

  constructor({ entries, left }: Carried = { entries: [], left: 0 }) {
    this.carried = entries;
    this.left = left;
  }

  note(event: Timed) {
    this.happened.push(event);
  }

  read(): Entry[] {
    const before = this.left + this.carried.length;
    return [...this.carried, ...this.happened.map((event, index) => entryOf(before + index + 1, event.at, event))];
  }

  carryOver(): Carried {
    const all = this.read();
    const entries = all.slice(-mostCarried);
    return { entries, left: this.left + all.length - entries.length };
  }
}

/** Longest entry, in bytes of its JSON. */
export const longestEntry = 1024;

/** How much of an event is kept: characters of a text, items of a list, characters of a name. */
type Measure = [texts: number, items: number, names: number];
const measures: Measure[] = [
  [600, 24, 300],
  [200, 8, 300],
  [60, 4, 300],
  [24, 1, 300],
  [12, 1, 12],
];

/** What names a thing: an entry without it could not be folded again. */
const names = ['key', 'id', 'question', 'fingerprint', 'namespace', 'name'];

/** The entry of an event. Long texts are cut; a plan is kept by its digest, as it can be made again. */
export function entryOf(number: number, at: string, event: Event): Entry {
  const entry: Entry = { version: 1, number, at, ...event };
  if (event.kind !== 'asked' && fits(entry)) return entry;
  for (const measure of measures) {
    const short = shortened(entry, measure) as Entry;
    if (fits(short)) return short;
  }
  return { version: 1, number, at, kind: event.kind } as Entry;
}

function fits(entry: Entry): boolean {
  const text = JSON.stringify(entry);
  return text.length <= longestEntry && bytesOf(text) <= longestEntry;
}

function shortened(value: unknown, measure: Measure): unknown {
  const [texts, items] = measure;
  if (typeof value === 'string') return cut(value, texts);
  if (Array.isArray(value)) return value.slice(0, items).map(item => shortened(item, measure));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shortenedField(name, field, measure)]));
}

function shortenedField(name: string, field: unknown, measure: Measure): unknown {
  const [, items, longestName] = measure;
  if (name === 'plan') return digestOf(field);
  if (names.includes(name) && typeof field === 'string') return cut(field, longestName);
  if (name === 'labels' || name === 'annotations')
    return shortened(Object.fromEntries(Object.entries(field as object).slice(0, items)), measure);
  return shortened(field, measure);
}

const digestOf = (plan: unknown) => {
  const { digest, summary } = plan as { digest: string; summary: string };
  return { digest, summary: cut(summary, 120) };
};
