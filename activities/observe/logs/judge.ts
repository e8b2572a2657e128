/** Whether what was found in the logs is a fault: too many lines, or a kind of lines that other days do not have. Pure. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import type { LogsFacts } from '../../facts.ts';
import { momentOf } from '../../kubernetes/when.ts';
import type { Shape } from './shapes.ts';
import type { Usual } from './usual.ts';
import type { Found, Wanted } from './wanted.ts';

export interface Looked {
  wanted: Wanted;
  seen: Found;
  shapes: Shape[];
  /** Nothing where it is not known. */
  usual: Usual | undefined;
}

/** `days`: so many were to be compared with, none where 0. */
interface Bounds {
  below: number;
  days: number;
}

/** A search that begins later than was asked by more than this share of its length says nothing of the rest. */
const gap = 0.1;
/** So many kinds are told. */
const mostShapes = 5;

export function judgeLogs({ wanted, seen, shapes, usual }: Looked, { below, days }: Bounds): Finding<LogsFacts> {
  const { from, to } = wanted.range;
  const since = Math.max(seen.since ?? to, from);
  const isCovered = since <= from + (to - from) * gap;
  const top = shapes.slice(0, mostShapes);
  const fresh = usual?.fresh ?? [];
  const parts = [
    `${seen.from}: ${seen.count} lines match ${wanted.patterns.join(' and ')} since ${momentOf(from, to)}${comparison(usual, days)}.`,
    ...fresh.map(text => `New in ${days} days: "${text}".`),
    ...(isCovered ? [] : [`The logs cover only the time since ${momentOf(since, to)}.`]),
    ...(top.length > 0 ? [`${top.map(({ text, count }) => `${count}× "${text}"`).join('; ')}.`] : []),
    ...(seen.remarks.length > 0 ? [`(${seen.remarks.join('; ')})`] : []),
  ];
  const isFaulty = fresh.length > 0 || isTooMany(seen.count, usual, { below, days });
  const otherwise = isCovered && (days === 0 || usual) ? 'healthy' : 'unknown';
  const facts = { lines: seen.count, shapes: top, fresh, usual: usual?.median };
  return { verdict: isFaulty ? 'faulty' : otherwise, evidence: parts.join(' '), facts };
}

/** Compared with other days, twice as many as usual are too many. */
const isTooMany = (count: number, usual: Usual | undefined, { below, days }: Bounds) =>
  days > 0 ? count > Math.max(below, 2 * (usual?.median ?? 0)) : count >= below;

function comparison(usual: Usual | undefined, days: number): string {
  if (usual) return `, ${usual.median} on other days`;
  return days > 0 ? '; not compared, as Loki has no lines of the days before' : '';
}
