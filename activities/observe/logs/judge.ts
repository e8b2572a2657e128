/** The verdict on a search of logs: too many lines are a fault, and a kind of lines that other days do not have. Pure. */

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

export function judgeLogs(looked: Looked, bounds: Bounds): Finding<LogsFacts> {
  const { wanted, seen, shapes, usual } = looked;
  const { from, to } = wanted.range;
  const since = Math.max(seen.since ?? to, from);
  const isCovered = since <= from + (to - from) * gap;
  const cover = isCovered ? '' : `The logs cover only the time since ${momentOf(since, to)}.`;
  const fresh = usual?.fresh ?? [];
  const isFaulty = fresh.length > 0 || isTooMany(seen.count, usual, bounds);
  const otherwise = isCovered && (bounds.days === 0 || usual) ? 'healthy' : 'unknown';
  return {
    verdict: isFaulty ? 'faulty' : otherwise,
    evidence: textOf(looked, bounds, cover),
    facts: { lines: seen.count, shapes: shapes.slice(0, mostShapes), fresh, usual: usual?.median },
  };
}

function textOf({ wanted, seen, shapes, usual }: Looked, { days }: Bounds, cover: string): string {
  const { from, to } = wanted.range;
  const matched = `${seen.from}: ${seen.count} lines match ${wanted.patterns.join(' and ')} since ${momentOf(from, to)}`;
  const top = shapes.slice(0, mostShapes).map(({ text, count }) => `${count}× "${text}"`);
  const parts = [
    `${matched}${comparison(usual, days)}.`,
    ...(usual?.fresh ?? []).map(text => `New in ${days} days: "${text}".`),
    cover,
    top.length > 0 && `${top.join('; ')}.`,
    seen.remarks.length > 0 && `(${seen.remarks.join('; ')})`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** Compared with other days, twice as many as usual are too many. */
const isTooMany = (count: number, usual: Usual | undefined, { below, days }: Bounds) =>
  days > 0 ? count > Math.max(below, 2 * (usual?.median ?? 0)) : count >= below;

function comparison(usual: Usual | undefined, days: number): string {
  if (usual) return `, ${usual.median} on other days`;
  return days > 0 ? '; not compared, as Loki has no lines of the days before' : '';
}
