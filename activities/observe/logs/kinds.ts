/** Lines in Loki by their kinds: each further page leaves out the kinds that are frequent, so that a flood of one hides no other. */

import type { LogLine, Loki } from '../../connectors/loki.ts';
import { patternOf } from './pattern.ts';
import { type Shape, shapeOf } from './shapes.ts';
import type { Turns } from './turns.ts';
import { type Found, queryOf, type Wanted } from './wanted.ts';

/** Lines of one page. */
export const page = 500;
/** Pages in all, one after the other; and so many kinds of each are left out of the next. */
const [pages, leftOut] = [5, 10];
/** Of a query in its address: nginx takes 8 KB for all of it. */
const longestQuery = 4_096;

type Kinds = Pick<Found, 'shapes' | 'further' | 'sample'>;

/** @param first the newest lines, one page */
export async function kindsOf(loki: Loki, wanted: Wanted, first: LogLine[], turns: Turns): Promise<Kinds> {
  const known = new Map<string, Known>();
  const seen = [grouped(first)];
  let size = first.length;
  while (size >= page && seen.length < pages) {
    const before = known.size;
    for (const kind of seen.at(-1)?.flatMap(knownOf).slice(0, leftOut) ?? [])
      if (encodeURIComponent(without(wanted, [...known.values(), kind])).length <= longestQuery) known.set(kind.text, kind);
    if (known.size === before) break;
    const rest = await turns.one(() => loki.lines(without(wanted, [...known.values()]), wanted.range, page));
    if (rest === undefined) break;
    size = rest.length;
    seen.push(grouped(rest));
  }
  const left = size < page ? await turns.all([...known.values()], async kind => counted(loki, wanted, kind)) : [];
  const all = left.flatMap(kind => kind ?? []);
  if (size >= page || all.length < left.length)
    return { shapes: seen[0] ?? [], further: unique(seen.slice(1).flat()), sample: first.length };
  return { shapes: unique([...all, ...(seen.at(-1) ?? [])]).toSorted((a, b) => b.count - a.count), sample: undefined };
}

/** Most frequent first. */
function grouped(lines: LogLine[]): Shape[] {
  const byShape = Map.groupBy(lines, ({ text }) => shapeOf(text));
  const shapes = [...byShape].map(([text, all]) => ({ text, count: all.length, pattern: all[0] && patternOf(all[0].text) }));
  return shapes.toSorted((a, b) => b.count - a.count);
}

type Known = Shape & { pattern: string };

const knownOf = ({ pattern, ...shape }: Shape): Known[] => (pattern === undefined ? [] : [{ ...shape, pattern }]);

const without = (wanted: Wanted, kinds: Known[]) => queryOf({ ...wanted, without: kinds.map(({ pattern }) => pattern) });

async function counted(loki: Loki, wanted: Wanted, kind: Known): Promise<Shape> {
  const query = queryOf({ ...wanted, patterns: [...wanted.patterns, kind.pattern] });
  return { ...kind, count: Math.max(kind.count, await loki.count(query, wanted.range)) };
}

/** A kind of several pages counts as in the first. */
const unique = (shapes: Shape[]) => shapes.filter(({ text }, index) => shapes.findIndex(shape => shape.text === text) === index);
