/** Is what the logs have today what they have on other days? Counted by Loki over the same hours of the days before. */

import type { Loki, Range } from '../../connectors/loki.ts';
import { wordsOf } from './pattern.ts';
import type { Shape } from './shapes.ts';
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

/** Nothing where the logs do not reach back so far. @throws SystemError */
export async function usualOf(loki: Loki, wanted: Wanted, seen: Found, days: number): Promise<Usual | undefined> {
  const { range } = wanted;
  const shapes = kindsIn(seen);
  const former = { from: range.from - days * day, to: range.from };
  const [oldest] = await loki.lines(queryOf({ ...wanted, patterns: [] }), former, 1, 'oldest');
  if (!oldest || oldest.at > former.from + day) return undefined;
  const query = queryOf(wanted);
  const rarest = shapes.toReversed().slice(0, mostShapes);
  const [counts, known] = await Promise.all([
    Promise.all(Array.from({ length: days }, (_, index) => loki.count(query, before(range, index + 1)))),
    Promise.all(rarest.map(shape => isKnown(loki, wanted, shape, former))),
  ]);
  const fresh = rarest.filter((_, index) => known[index] === false);
  return { median: medianOf(counts), fresh: fresh.map(({ text }) => text), isWhole: shapes.length <= mostShapes };
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
