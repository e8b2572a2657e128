/** What stands below the first four lines of `show`. */

import type { Report, StepReport, TimelineEntry } from '../../workflows/contract/index.ts';
import { openQuestions } from './first-lines.ts';
import type { Seen } from './first-lines.ts';
import type { CutOff } from './left.ts';
import { questionLines, settledLine } from './question-lines.ts';
import { bold, clock, cut, line, table } from './text.ts';

const section = (title: string, lines: string[]) => (lines.length > 0 ? ['', bold(title), ...lines] : []);

export function details({ name, report, cutOff }: Seen, workflowId: string): string[] {
  const settled = report.questions.filter(({ answer, withdrawn }) => answer ?? withdrawn);
  const ours = [
    line`Commander: ${report.commander ?? 'nobody yet'}.`,
    ...(report.like
      ? [line`Begun like ${report.like.incident}: what stands before “${report.like.from}” is taken from its record.`]
      : []),
    ...(report.timesFaster === 1 ? [] : [line`Waiting for the world is ${report.timesFaster} times faster here.`]),
  ];
  return [
    ...section(line`${report.title} (${[name, report.state, report.mode].filter(Boolean).join(', ')})`, ours),
    ...section('Left changed', cutOff && !cutOff.replaced ? leftRows(cutOff) : []),
    ...section('Never answered', cutOff ? openQuestions(report).map(({ title }) => line`${title}`) : []),
    ...(cutOff ? [] : openQuestions(report).flatMap(question => ['', ...questionLines(name, workflowId, question)])),
    ...section('Steps', table(['AT', 'STATE', 'STEP', 'WHAT'], report.steps.map(stepRow))),
    ...section('Timeline', table(['AT', 'WHO', 'WHAT'], (report.timeline ?? []).slice(-shown).map(timelineRow))),
    ...section('Answered', settled.map(settledLine)),
    ...section(
      'Refused',
      report.refusals.map(({ at, what, by, because }) => line`${clock(at)} ${what} by ${by}: ${because}`),
    ),
    ...section(
      'Withdrawn',
      report.withdrawn.map(what => line`${what}`),
    ),
    ...section(
      'Not delivered',
      report.undelivered.map(({ system, because }) => line`${system}: ${because}`),
    ),
    ...section(
      'To do by hand',
      report.byHand.flatMap(({ step, system, paste }) => [
        line`${step} (${system}):`,
        ...paste.split('\n').map(text => line`    ${text}`),
      ]),
    ),
    ...section(
      'Afterwards',
      report.followUps.map(({ title, owner, confirm }) => line`${title} (${owner}): ${confirm}`),
    ),
    ...section('Alerts', alertLines(report)),
  ];
}

const alertLines = ({ alerts, moreAlerts = 0, uncounted = 0, absorbed }: Report) => [
  ...alerts.flatMap(({ name, status, startsAt, absorbed: late, firedAgain }) => [
    line`${name} ${status} since ${clock(startsAt)}`,
    ...(late ? [line`  absorbed at ${clock(late)}: a firing with the same beginning, right after its end`] : []),
    ...(firedAgain ? [line`  fires again at ${clock(firedAgain)}, with the same beginning, after its end`] : []),
  ]),
  ...(moreAlerts > 0 ? [line`and ${moreAlerts} more alerts`] : []),
  ...(uncounted > 0
    ? [line`${uncounted} firings of further alerts: it counts as firing until our own check is healthy for 5 minutes`]
    : []),
  ...(absorbed > 0 ? [line`${absorbed} ${absorbed === 1 ? 'repeat' : 'repeats'} absorbed`] : []),
];

/** As many of the newest entries stand in a terminal; `-o json` has all of them. */
const shown = 40;

const timelineRow = ({ at, who, what }: TimelineEntry) => [clock(at), who, cut(what, 120)];

const leftRows = ({ left: { settings, others } }: CutOff) =>
  table(
    ['OBJECT', 'FIELD', 'BEFORE', 'NOW'],
    [...settings, ...others].map(({ target, field, before, after }) => [
      target,
      field,
      before ?? '(absent)',
      after ?? '(absent)',
    ]),
  );

const stepRow = ({ began, state, title, because, evidence }: StepReport) => [
  clock(began),
  state,
  title,
  cut(evidence === because ? because : [because, evidence].filter(Boolean).join(' '), 120),
];
