/** Where logs are searched: Loki where it is connected and answers, else the pods that are still there, through the API server. */

import type { Deps } from '../../deps.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { linesOfPods } from './pod-lines.ts';
import { type Found, queryOf, type Wanted } from './wanted.ts';

/** So many lines are grouped; all are counted. */
const most = 500;

/** @throws SystemError */
export async function found(deps: Deps, wanted: Wanted): Promise<Found> {
  const { loki } = deps.systems;
  if (!loki) return linesOfPods(deps, wanted, 'Loki is not connected: set LOKI_URL');
  try {
    const [query, all] = [queryOf(wanted), { ...wanted, patterns: [] }];
    const [lines, count, oldest] = await Promise.all([
      loki.lines(query, wanted.range, most),
      loki.count(query, wanted.range),
      loki.lines(queryOf(all), wanted.range, 1, 'oldest'),
    ]);
    const remarks = count > lines.length ? [`the newest ${lines.length} of them are grouped`] : [];
    return { lines, count, since: oldest[0]?.at, from: 'Loki', remarks };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return linesOfPods(deps, wanted, error.message);
  }
}
