/** The answer about one body, whatever is in it: the log and the answer stay short, and nothing goes uncounted. */

import { bounded } from '../../workflows/catalog/index.ts';
import type { DeliveryResult, More } from './answer.ts';
import { blindFollowUp } from './answer.ts';

/** Results in an answer; lines of a kind in the log; characters of a reason. */
const most = { results: 100, lines: 3, reason: 300 };

/** The first ones, and the others counted by what became of them. */
export function boundedAnswer(results: DeliveryResult[]): { alerts: DeliveryResult[]; more: More | undefined } {
  const alerts = results.slice(0, most.results).map(one => ({ ...one, reason: bounded(one.reason, most.reason) }));
  const more = counted(results.slice(most.results).map(({ result }) => result));
  return { alerts, more: more.size > 0 ? Object.fromEntries(more) : undefined };
}

/** Of what was quarantined: the reasons, each once with its count; first of the alerts that name a runbook, then the most frequent. */
export function quarantineLines(results: DeliveryResult[], artifact: string | undefined): string[] {
  const quarantined = results.filter(({ result }) => result === 'quarantined');
  const named = quarantined.flatMap(({ runbook, reason }) =>
    runbook === undefined ? [] : [`it names ${runbook}: check what fires. ${reason}`],
  );
  const others = quarantined.flatMap(({ runbook, reason }) => (runbook === undefined ? [reason] : []));
  const head = `quarantined, body ${artifact}`;
  return [...grouped(head, named), ...grouped(head, others)];
}

/** Of the rules that a monitor cannot evaluate. */
export const blindLines = (results: DeliveryResult[]): string[] =>
  grouped(
    'detection is blind',
    results.flatMap(({ result, reason }) => (result === blindFollowUp ? [reason] : [])),
  );

function grouped(head: string, reasons: string[]): string[] {
  const groups = [...counted(reasons)].toSorted(([, one], [, other]) => other - one);
  const others = groups.slice(most.lines).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...groups
      .slice(0, most.lines)
      .map(([reason, count]) => `${head}: ${times(count)}${bounded(reason, most.reason).replace(/\s+/g, ' ')}`),
    ...(others > 0 ? [`${head}: ${others} more alerts, for other reasons`] : []),
  ];
}

const times = (count: number) => (count > 1 ? `${count} alerts: ` : '');

export function counted<T>(items: T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
