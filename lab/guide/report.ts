// The end of an incident, as the guide tells it: how long each part took, what was changed, and what was refused.
import type { Report } from '../../workflows/contract/index.ts';
import { changeRows, elapsed, type Say, table } from './telling.ts';

export function tellReport(say: Say, report: Report) {
  const { fired, paged, acknowledged, mitigated, resolved } = report.times;
  table(say, [
    ['time to page', elapsed(fired, paged)],
    ['time to acknowledge', elapsed(fired, acknowledged)],
    ['time to mitigate', elapsed(fired, mitigated)],
    ['time to resolve', elapsed(fired, resolved)],
  ]);
  for (const { title, changes } of report.steps.filter(step => step.changes.length > 0)) {
    say(`  ${title}:`);
    table(line => say(`  ${line}`), changeRows(changes));
  }
  for (const { what, by, because } of report.refusals) say(`  Refused: ${what} by ${by}: ${because}`);
  say(`  Closed: ${report.outcome}. Commander: ${report.commander}.`);
}
