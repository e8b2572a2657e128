/** The verdict on a search of logs: too many lines are a fault, and a kind of lines that other days do not have. Pure. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import type { LogsFacts } from '../../facts.ts';
import { momentOf } from '../../kubernetes/when.ts';
import type { Compared, Usual } from './usual.ts';
import type { Found, Wanted } from './wanted.ts';

export interface Looked extends Compared {
  wanted: Wanted;
}

/** `days`: so many were to be compared with, none where 0. */
interface Bounds {
  below: number;
  days: number;
}

/** A search that begins later than was asked by more than this share of its length says nothing of the rest. */
const gap = 0.1;
/** So many kinds are told, and so many new ones. */
const [mostShapes, mostFresh] = [5, 8];

export function judgeLogs(looked: Looked, bounds: Bounds): Finding<LogsFacts> {
  const { seen, usual } = looked;
  const { fresh = [], median } = usual ?? {};
  const missing = missingIn(looked, bounds);
  const isFaulty = fresh.length > 0 || isTooMany(seen.count, usual, bounds);
  const otherwise = missing.length === 0 && (bounds.days === 0 || usual) ? 'healthy' : 'unknown';
  return {
    verdict: isFaulty ? 'faulty' : otherwise,
    evidence: textOf(looked, bounds, missing),
    facts: {
      lines: seen.count,
      shapes: mostFrequent(seen),
      sample: seen.sample,
      fresh: fresh.slice(0, mostFresh),
      usual: median,
    },
  };
}

/** Sentences about lines that are not there, or that were not grouped. */
function missingIn({ wanted: { range }, seen, usual, why }: Looked, { days }: Bounds): string[] {
  const { from, to } = range;
  const since = Math.max(seen.since ?? to, from);
  const isGrouped = seen.sample === undefined && usual?.isWhole !== false;
  return [
    ...(since <= from + (to - from) * gap ? [] : [`The logs cover only the time since ${momentOf(since, to)}.`]),
    ...(days === 0 || isGrouped ? [] : [ungrouped(usual && why)]),
  ];
}

const ungrouped = (why: string | undefined) =>
  why === undefined
    ? 'Not all lines were grouped: a new kind may be among the others.'
    : `Not all lines were grouped, so a new kind may be among the others: ${why}.`;

const mostFrequent = ({ shapes }: Found) => shapes.slice(0, mostShapes).map(({ text, count }) => ({ text, count }));

function textOf({ wanted, seen, usual, why }: Looked, { days }: Bounds, missing: string[]): string {
  const { fresh = [] } = usual ?? {};
  const { from, to } = wanted.range;
  const matched = `${seen.from}: ${seen.count} lines match ${wanted.patterns.join(' and ')} since ${momentOf(from, to)}`;
  const top = mostFrequent(seen).map(({ text, count }) => `${count}× "${text}"`);
  const parts = [
    `${matched}${comparison({ usual, why }, days)}.`,
    ...fresh.slice(0, mostFresh).map(text => `New in ${days} days: "${text}".`),
    fresh.length > mostFresh && `${fresh.length - mostFresh} more kinds are new.`,
    ...missing,
    top.length > 0 && `${seen.sample === undefined ? '' : `In the newest ${seen.sample} of them: `}${top.join('; ')}.`,
    seen.remarks.length > 0 && `(${seen.remarks.join('; ')})`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** Compared with other days, twice as many as usual are too many; without those days none are. */
function isTooMany(count: number, usual: Usual | undefined, { below, days }: Bounds): boolean {
  if (days === 0) return count >= below;
  return usual !== undefined && count > Math.max(below, 2 * usual.median);
}

function comparison({ usual, why = 'Loki has no lines of the days before' }: Omit<Compared, 'seen'>, days: number): string {
  if (usual) return `, ${usual.median} on other days`;
  return days > 0 ? `; not compared, as ${why}` : '';
}
