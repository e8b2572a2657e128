/** The impact on customers, as far as it is measured: the first line that someone woken at night reads. */

import { runbooks } from '../../workflows/catalog/index.ts';
import type { Report, StepReport } from '../../workflows/contract/index.ts';
import { clock, cut, line, span } from './text.ts';
import { unknownHere } from './unknown-here.ts';

/** The runbook of an undo, in its report. */
const takeBack = 'take-back';

/** As many of one kind are named; the others stand below. */
const most = 2;
const longest = 120;

/** The newest measurements with their times, and which checks gave none; never what the catalog says of such incidents. */
export function impact(report: Report, now: number): string {
  const { runbook, severity, state, summary, times, outcome, recovery } = report;
  const written = runbooks.find(({ slug }) => slug === runbook);
  if (!written && runbook !== takeBack) return line`not known: ${summary}. ${unknownHere([runbook])}`;
  if (!written?.breaks) return line`none: ${summary}`;
  if (state === 'resolved' || state === 'closed')
    return recovery?.verdict === 'healthy'
      ? line`none measured: ${recovery.evidence}`
      : line`not known, because recovery was not measured: ${outcome ?? state}`;
  const age = span(now - Date.parse(times.fired));
  const claim = line`${severity}, the alert fired ${age} ago: ${withoutDot(cut(summary, longest))}`;
  return [claim, ...measurements(report, now)].join('. ');
}

function measurements(report: Report, now: number): string[] {
  const found = newestOfEach(report);
  const [faulty, healthy, unknown] = (['faulty', 'healthy', 'unknown'] as const).map(state =>
    found.filter(step => step.state === state),
  );
  const good = [...(healthy ?? []), ...effects(report)].toSorted((one, other) => timeOf(one).localeCompare(timeOf(other)));
  const parts = [
    partOf(
      'Faulty',
      (faulty ?? []).slice(-most).map(step => measured(step, step.evidence, now)),
    ),
    partOf(
      'Last good measurement',
      good.slice(-1).map(step => measured(step, step.effect?.text ?? step.evidence, now)),
    ),
    partOf(
      'Not known',
      (unknown ?? []).slice(-most).map(({ title }) => line`“${title}”`),
    ),
  ].filter(part => part !== '');
  return parts.length > 0 ? parts : ['Nothing is measured yet'];
}

const partOf = (what: string, items: string[]) => (items.length > 0 ? `${what}: ${items.join('; ')}` : '');

/** Of each check its newest finding, the oldest of them first. */
const newestOfEach = ({ steps }: Report) => [
  ...new Map(steps.filter(({ state }) => isVerdict(state)).map(step => [step.title, step])).values(),
];

const isVerdict = (state: StepReport['state']) => state === 'faulty' || state === 'healthy' || state === 'unknown';

/** Changes that had an effect, as the share of jobs that they moved. */
const effects = ({ steps }: Report) => steps.filter(({ effect }) => effect?.measured === 'whole' || effect?.measured === 'part');

const measured = (step: StepReport, text: string, now: number) =>
  line`“${step.title}”: ${withoutDot(cut(text, longest))} (${clock(timeOf(step), now)})`;

const timeOf = ({ ended, began }: StepReport) => ended ?? began;

const withoutDot = (text: string) => text.replace(/\.$/, '');
