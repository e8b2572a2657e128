/** The access log over time, minute by minute; what is past does not change, and is kept for a while. */

import { apiAt } from '../api.ts';
import type { State } from '../customers.ts';
import { isDenied } from '../edge.ts';
import type { World } from '../../world.ts';
import { aMinute, type Line, Minute } from './minute.ts';

/** Minutes that are remembered. */
const most = 2_000;
let remembered = { of: '', minutes: new Map<string, Line[]>() };

/** All that the log follows from. */
const written = ({ memory: _, ltc: __, prices: ___, ...state }: State) => JSON.stringify(state);

/** How many processes share what comes in. */
export const processesAt = ({ api = [] }: World, at: number): number => Math.max(1, apiAt(api, at)?.pods?.length ?? 1);

function minute(state: State, start: number, processes: number): Line[] {
  const { minutes } = remembered;
  const key = `${start} ${processes}`;
  const lines = minutes.get(key) ?? new Minute(state, start, processes).lines();
  if (minutes.size >= most) minutes.clear();
  minutes.set(key, lines);
  return lines;
}

/** Calls that come to the edge, from a moment up to another, the oldest first; those that it denies are answered there. */
export function* linesBetween(world: World, from: number, to: number): Generator<Line> {
  const state = world.customers?.read();
  if (!state) return;
  const of = written(state);
  if (remembered.of !== of) remembered = { of, minutes: new Map() };
  for (let start = Math.floor(from / aMinute) * aMinute; start < to; start += aMinute)
    for (const line of minute(state, start, processesAt(world, start)))
      if (line.at >= from && line.at < to) yield isDenied(world.edge, line) ? { ...line, ...denied } : line;
}

const denied = { status: 403, reason: null, refused_by: null };

/** Those of them that come to the API. */
export function* linesReaching(world: World, from: number, to: number): Generator<Line> {
  for (const line of linesBetween(world, from, to)) if (!isDenied(world.edge, line)) yield line;
}
