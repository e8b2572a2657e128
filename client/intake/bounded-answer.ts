/** The answer about one body, whatever is in it: the log and the answer stay short, and nothing goes uncounted. */

import { bounded } from '../../workflows/catalog/index.ts';
import type { DeliveryResult } from './results.ts';

/** Results in an answer; lines in the log; characters of a reason. */
const most = { results: 100, lines: 3, reason: 300 };

/** How many more of each result are not listed. */
export type More = Partial<Record<DeliveryResult['result'], number>>;

/** The first ones, and the others counted by what became of them. */
export function boundedAnswer(results: DeliveryResult[]): { alerts: DeliveryResult[]; more: More | undefined } {
  const alerts = results.slice(0, most.results).map(one => ({ ...one, reason: bounded(one.reason, most.reason) }));
  const more = counted(results.slice(most.results).map(({ result }) => result));
  return { alerts, more: more.size > 0 ? Object.fromEntries(more) : undefined };
}

/** Of what was quarantined: the reasons, each once with its count, the most frequent first. */
export function quarantineLines(results: DeliveryResult[], artifact: string | undefined): string[] {
  const reasons = results.flatMap(({ result, reason }) => (result === 'quarantined' ? [bounded(reason, most.reason)] : []));
  const groups = [...counted(reasons)].toSorted(([, one], [, other]) => other - one);
  const others = groups.slice(most.lines).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...groups.slice(0, most.lines).map(([reason, count]) => `quarantined, body ${artifact}: ${times(count)}${reason}`),
    ...(others > 0 ? [`quarantined, body ${artifact}: ${others} more alerts, for other reasons`] : []),
  ];
}

const times = (count: number) => (count > 1 ? `${count} alerts: ` : '');

function counted<T>(items: T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
