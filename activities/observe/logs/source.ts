/** Where logs are searched: Loki where it is connected and answers, else the pods that are still there, through the API server. */

import type { Deps } from '../../deps.ts';
import type { LogLine, Range } from '../../connectors/loki.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { linesOfPods } from './pod-lines.ts';

/** Pods by their labels, and what their lines must contain: every pattern, whatever the case of its letters. */
export interface Wanted {
  namespace: string;
  labels: Record<string, string>;
  /** The container of a workload; of pods that were selected, the first. */
  container?: string | undefined;
  patterns: string[];
  range: Range;
}

export interface Found {
  /** Newest first, those that match: a part of them where there are more than `count`. */
  lines: LogLine[];
  count: number;
  /** The first moment that the logs cover, milliseconds since 1970; nothing where there is no line at all. */
  since: number | undefined;
  from: string;
  /** What the search leaves out. */
  remarks: string[];
}

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

/** `{namespace="shop", app="web"} |~ "(?i)error"`. */
export function queryOf({ namespace, labels, patterns }: Pick<Wanted, 'namespace' | 'labels' | 'patterns'>): string {
  const pairs = Object.entries({ namespace, ...labels }).map(
    ([name, value]) => `${name.replace(/[^\w]/g, '_')}=${JSON.stringify(value)}`,
  );
  return [`{${pairs.join(', ')}}`, ...patterns.map(one => `|~ ${JSON.stringify(`(?i)${one}`)}`)].join(' ');
}
