/** Is what the logs have today what they have on other days? Counted by Loki over the same hours of the days before. */

import type { Loki, Range } from '../../connectors/loki.ts';
import { kindsOf } from './kinds.ts';
import { wordsOf } from './pattern.ts';
import type { Shape } from './shapes.ts';
import type { Turns } from './turns.ts';
import { type Found, queryOf, type Wanted } from './wanted.ts';

const day = 86_400_000;
/** So many kinds are looked for in the days before, the rarest first: a new kind seldom is frequent. */
const mostShapes = 40;

export interface Usual {
  /** Lines of the same hours on the days before, in the middle. */
  median: number;
  /** Kinds that no earlier day has. */
  fresh: string[];
  /** Every kind was looked for. */
  isWhole: boolean;
}

export interface Compared {
  seen: Found;
  /** Nothing where it is not known. */
  usual?: Usual;
  /** Why it is not, or why not every kind was looked for; nothing where the logs do not reach back so far. */
  why?: string | undefined;
}

interface Asking {
  loki: Loki;
  turns: Turns;
  wanted: Wanted;
}

/** The part that the verdict needs most is asked first: once the time is over, counts and median stay, and `isWhole` is false. */
export async function compared(asking: Asking, first: Found, days: number): Promise<Compared> {
  const { loki, turns, wanted } = asking;
  const former = { from: wanted.range.from - days * day, to: wanted.range.from };
  const median = await medianIn(asking, former, days);
  const whyNot = turns.why();
  const seen = { ...first, ...(await kindsOf(loki, wanted, first.newest ?? [], turns)) };
  if (median === undefined) return { seen, why: whyNot };
  const shapes = kindsIn(seen);
  const rarest = shapes.toReversed().slice(0, mostShapes);
  const known = await turns.all(rarest, async shape => isKnown(loki, wanted, shape, former));
  const fresh = rarest.filter((_, index) => known[index] === false).map(({ text }) => text);
  const isWhole = shapes.length <= mostShapes && known.every(one => one !== undefined);
  return { seen, usual: { median, fresh, isWhole }, why: turns.why() };
}

/** Nothing where the logs do not reach back so far, or where it is not known. */
async function medianIn({ loki, turns, wanted }: Asking, former: Range, days: number): Promise<number | undefined> {
  const first = await turns.one(() => loki.lines(queryOf({ ...wanted, patterns: [] }), former, 1, 'oldest'));
  const [oldest] = first ?? [];
  if (!oldest || oldest.at > former.from + day) return undefined;
  const daysBefore = Array.from({ length: days }, (_, index) => before(wanted.range, index + 1));
  const counts = await turns.all(daysBefore, async range => loki.count(queryOf(wanted), range));
  const known = counts.flatMap(count => count ?? []);
  return known.length < days ? undefined : medianOf(known);
}

/** Most frequent first. */
const kindsIn = ({ shapes, further = [] }: Found) =>
  [...shapes, ...further.filter(({ text }) => shapes.every(shape => shape.text !== text))].toSorted((a, b) => b.count - a.count);

const before = ({ from, to }: Range, days: number): Range => ({ from: from - days * day, to: to - days * day });

function medianOf(counts: number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = low] = sorted.length % 2 === 0 ? sorted.slice(middle - 1, middle + 1) : [sorted[middle] ?? 0];
  return (low + high) / 2;
}

/** A kind without words is no news. */
async function isKnown(loki: Loki, wanted: Wanted, shape: Shape, former: Range): Promise<boolean> {
  const pattern = shape.pattern ?? wordsOf(shape.text);
  return pattern === undefined || (await loki.count(queryOf({ ...wanted, patterns: [...wanted.patterns, pattern] }), former)) > 0;
}
