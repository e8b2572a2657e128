/** A search of logs, as it is asked and as it is answered. */

import type { LogLine, Range } from '../../connectors/loki.ts';

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
  /** Parts that the search leaves out. */
  remarks: string[];
}

/** `{namespace="shop", app="web"} |~ "(?i)error"`. */
export function queryOf({ namespace, labels, patterns }: Pick<Wanted, 'namespace' | 'labels' | 'patterns'>): string {
  const pairs = Object.entries({ namespace, ...labels }).map(
    ([name, value]) => `${name.replace(/[^\w]/g, '_')}=${JSON.stringify(value)}`,
  );
  return [`{${pairs.join(', ')}}`, ...patterns.map(one => `|~ ${JSON.stringify(`(?i)${one}`)}`)].join(' ');
}
