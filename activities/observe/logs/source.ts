/** Where logs are searched: Loki where it is connected and answers, else the pods that are still there, through the API server. */

import type { Deps } from '../../deps.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { page } from './kinds.ts';
import { linesOfPods } from './pod-lines.ts';
import { shapesOf } from './shapes.ts';
import { type Found, queryOf, type Wanted } from './wanted.ts';

/** Of Loki the newest lines are grouped, and all are counted. @throws SystemError */
export async function found(deps: Deps, wanted: Wanted): Promise<Found> {
  const { loki } = deps.systems;
  if (!loki) return linesOfPods(deps, wanted, 'Loki is not connected: set LOKI_URL');
  try {
    const [query, all] = [queryOf(wanted), { ...wanted, patterns: [] }];
    const [lines, count, oldest] = await Promise.all([
      loki.lines(query, wanted.range, page),
      loki.count(query, wanted.range),
      loki.lines(queryOf(all), wanted.range, 1, 'oldest'),
    ]);
    const shapes = shapesOf(lines.map(({ text }) => text));
    const sample = count > lines.length ? lines.length : undefined;
    return { shapes, sample, count, since: oldest[0]?.at, from: 'Loki', newest: lines, remarks: [] };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return linesOfPods(deps, wanted, error.message);
  }
}
