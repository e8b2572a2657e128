/**
 * Lines in Loki by their kinds: each further page leaves out the kinds that are frequent, so that a flood of one hides no other.
 *
 * To read and group every line would be simpler: but a flood has more of them than a check has time to read, and the days before seven
 * times as many. So Loki filters and counts.
 */

import type { LogLine, Loki } from '../../connectors/loki.ts';
import { patternOf } from './pattern.ts';
import { type Shadowed, shadowedIn } from './shadowed.ts';
import { sentenceIn, type Shape, shapeOf } from './shapes.ts';
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
  const shadowed = shadowedIn(loki, wanted, turns, page);
  const { known, seen, last } = await read({ loki, wanted, turns, shadowed }, first);
  const others = grouped([...last, ...missingIn(last, shadowed.lines())]);
  const further = unique([...seen.flat(), ...others]);
  const sample = { shapes: grouped(first), further, sample: first.length };
  if (last.length >= page) return sample;
  const counts = await turns.all(known, async kind => counted(loki, wanted, kind));
  const all = counts.flatMap(kind => kind ?? []);
  if (all.length < known.length) return sample;
  const exact = all.map(kind => withoutOthers(kind, shadowed.lines()));
  return { shapes: unique([...exact, ...others]).toSorted((a, b) => b.count - a.count), further, sample: undefined };
}

interface Reading {
  loki: Loki;
  wanted: Wanted;
  turns: Turns;
  shadowed: Shadowed;
}

/** `seen`: the kinds of each page; `known`: those that the last page is without. */
async function read({ loki, wanted, turns, shadowed }: Reading, first: LogLine[]) {
  const known = new Map<string, Known>();
  const seen = [grouped(first)];
  let last = first;
  while (last.length >= page && seen.length < pages) {
    const before = known.size;
    for (const kind of seen.at(-1)?.flatMap(knownOf).slice(0, leftOut) ?? [])
      if (fits(wanted, [...known.values(), kind]) && (await shadowed.isRead(kind.field))) known.set(kind.text, kind);
    if (known.size === before) break;
    const rest = await turns.one(() => loki.lines(without(wanted, [...known.values()]), wanted.range, page));
    if (rest === undefined) break;
    last = rest;
    seen.push(grouped(rest));
  }
  return { known: [...known.values()], seen, last };
}

/** Most frequent first. */
function grouped(lines: LogLine[]): Shape[] {
  const byShape = Map.groupBy(lines, ({ text }) => shapeOf(text));
  const shapes = [...byShape].flatMap(([text, [one, ...others]]) =>
    one ? [{ ...formOf(one), text, count: others.length + 1 }] : [],
  );
  return shapes.toSorted((a, b) => b.count - a.count);
}

const formOf = ({ text }: LogLine) => ({ pattern: patternOf(text), field: sentenceIn(text).field });

type Known = Shape & { pattern: string };

const knownOf = ({ pattern, ...shape }: Shape): Known[] => (pattern === undefined ? [] : [{ ...shape, pattern }]);

const without = (wanted: Wanted, kinds: Known[]) => queryOf({ ...wanted, without: kinds.map(({ pattern }) => pattern) });
const fits = (wanted: Wanted, kinds: Known[]) => encodeURIComponent(without(wanted, kinds)).length <= longestQuery;

async function counted(loki: Loki, wanted: Wanted, kind: Known): Promise<Known> {
  const query = queryOf({ ...wanted, patterns: [...wanted.patterns, kind.pattern] });
  return { ...kind, count: Math.max(kind.count, await loki.count(query, wanted.range)) };
}

/** Its pattern has counted them too. */
function withoutOthers(kind: Known, lines: LogLine[]): Shape {
  const pattern = new RegExp(kind.pattern, 'i');
  return { ...kind, count: kind.count - lines.filter(({ text }) => shapeOf(text) !== kind.text && pattern.test(text)).length };
}

function missingIn(lines: LogLine[], others: LogLine[]): LogLine[] {
  const keys = new Set(lines.map(keyOf));
  return others.filter(line => !keys.has(keyOf(line)));
}

const keyOf = ({ at, text }: LogLine) => `${at} ${text}`;

/** A kind of several pages counts as in the first. */
const unique = (shapes: Shape[]) => shapes.filter(({ text }, index) => shapes.findIndex(shape => shape.text === text) === index);
