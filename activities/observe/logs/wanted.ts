/** A search of logs, as it is asked and as it is answered. */

import type { LogLine, Range } from '../../connectors/loki.ts';
import type { Shape } from './shapes.ts';

/** Pods by their labels, and what their lines must contain: every pattern, whatever the case of its letters. */
export interface Wanted {
  namespace: string;
  labels: Record<string, string>;
  /** The container of a workload; of pods that were selected, the first. */
  container?: string | undefined;
  patterns: string[];
  /** No line contains one of these. */
  without?: string[];
  range: Range;
}

export interface Found {
  /** Of those lines that match, most frequent first. */
  shapes: Shape[];
  /** Kinds of other lines than the sample: they may be new, but their counts say nothing. */
  further?: Shape[];
  /** The counts of `shapes` are of so many newest lines; nothing where they are of all. */
  sample: number | undefined;
  /** All that match. */
  count: number;
  /** The first moment that the logs cover, milliseconds since 1970; nothing where there is no line at all. */
  since: number | undefined;
  from: string;
  /** Of Loki, which may be asked more: the newest lines, one page. */
  newest?: LogLine[];
  /** Parts that the search leaves out. */
  remarks: string[];
}

/** `{namespace="shop", app="web"} |~ "(?i)error"`. */
export function queryOf({ namespace, labels, patterns, without = [] }: Omit<Wanted, 'range'>): string {
  const pairs = Object.entries({ namespace, ...labels }).map(
    ([name, value]) => `${name.replace(/[^\w]/g, '_')}=${JSON.stringify(value)}`,
  );
  return [`{${pairs.join(', ')}}`, ...patterns.map(filterBy('|~')), ...without.map(filterBy('!~'))].join(' ');
}

const filterBy = (operator: '|~' | '!~') => (pattern: string) => `${operator} ${JSON.stringify(`(?i)${pattern}`)}`;
