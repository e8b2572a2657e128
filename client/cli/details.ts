/** The part of `show` below the first four lines. */

import { readableChange, type Report, type StepReport, stateText, type TimelineEntry } from '../../workflows/contract/index.ts';
import { openQuestions } from './first-lines.ts';
import type { Seen } from './first-lines.ts';
import type { Left } from './left.ts';
import { questionLines, settledLine } from './question-lines.ts';
import { remarks } from './remarks.ts';
import { bold, clock, cut, line, table } from './text.ts';

const section = (title: string, lines: string[]) => (lines.length > 0 ? ['', bold(title), ...lines] : []);

export function details(seen: Seen, workflowId: string): string[] {
  const { name, report, cutOff, left, now } = seen;
  return [
    ...section(line`${report.title} (${[name, report.state, report.mode].filter(Boolean).join(', ')})`, heading(report)),
    ...section('Left changed', cutOff && !cutOff.replaced ? leftRows(cutOff.left) : left ? leftRows(left) : []),
    ...section(
      'Stood when it ended',
      (report.standing ?? []).map(change => line`${change}`),
    ),
    ...section('Never answered', cutOff ? openQuestions(report).map(({ title }) => line`${title}`) : []),
    ...(cutOff ? [] : openQuestions(report).flatMap(question => ['', ...questionLines(name, workflowId, question, now)])),
    ...happened(seen),
    ...leftToPeople(report),
    ...section('Alerts', alertLines(report, now)),
  ];
}

const heading = ({ commander, like, timesFaster }: Report) => [
  line`Commander: ${commander ?? 'no one yet'}.`,
  ...(like ? [line`Continues ${like.incident}: every step before “${like.from}” is taken from its record.`] : []),
  ...(timesFaster === 1 ? [] : [line`Practice time: waits are ${timesFaster} times shorter than written.`]),
];

function happened({ report, now }: Seen): string[] {
  const settled = report.questions.filter(({ answer, withdrawn }) => answer ?? withdrawn);
  const said = remarks(report).map(({ at, by, what, text }) => line`${clock(at, now)} ${by}: ${what}: ${text}`);
  const refused = report.refusals.map(({ at, what, by, because }) => line`${clock(at, now)} ${what} by ${by}: ${because}`);
  const steps = report.steps.map(step => stepRow(step, now));
  const newest = (report.timeline ?? []).slice(-shown).map(entry => timelineRow(entry, now));
  return [
    ...section('Steps', table(['AT', 'STATE', 'STEP', 'RESULT'], steps)),
    ...section('Notes and reasons', said),
    ...section('Timeline', table(['AT', 'WHO', 'EVENT'], newest)),
    ...section(
      'Answered',
      settled.map(question => settledLine(question, now)),
    ),
    ...section('Refused', refused),
    ...section(
      'Withdrawn',
      report.withdrawn.map(what => line`${what}`),
    ),
  ];
}

function leftToPeople({ undelivered, byHand, followUps }: Report): string[] {
  const handwork = byHand.flatMap(({ step, system, paste }) => [
    line`${step} (${system}):`,
    ...paste.split('\n').map(text => line`    ${text}`),
  ]);
  return [
    ...section(
      'Not delivered',
      undelivered.map(({ system, because }) => line`${system}: ${because}`),
    ),
    ...section('To do by hand', handwork),
    ...section(
      'Afterwards',
      followUps.flatMap(({ title, owner, confirm, over, ticket }) => [
        line`${title} (${owner}${over ? ', over' : ''}): ${confirm}`,
        ...(ticket ? [line`    ${ticket.href}`, line`    ${ticket.text}`] : []),
      ]),
    ),
  ];
}

const alertLine = ({ name, status, startsAt, endsAt, absorbed, firedAgain }: Report['alerts'][number], now: number) => [
  status === 'firing' || endsAt === undefined
    ? line`${name} ${status}, since ${clock(startsAt, now)}`
    : line`${name} resolved at ${clock(endsAt, now)}, fired at ${clock(startsAt, now)}`,
  ...(absorbed ? [line`  absorbed at ${clock(absorbed, now)}: a firing with the same start, right after it resolved`] : []),
  ...(firedAgain ? [line`  fires again at ${clock(firedAgain, now)}, with the same start, after it resolved`] : []),
];

const alertLines = ({ alerts, moreAlerts = 0, uncounted = 0, absorbed }: Report, now: number) => [
  ...alerts.flatMap(alert => alertLine(alert, now)),
  ...(moreAlerts > 0 ? [line`and ${moreAlerts} more alerts`] : []),
  ...(uncounted > 0
    ? [line`${uncounted} firings of further alerts: it counts as firing until our own check is healthy for 5 minutes`]
    : []),
  ...(absorbed > 0 ? [line`${absorbed} ${absorbed === 1 ? 'repeat' : 'repeats'} absorbed`] : []),
];

/** As many of the newest entries stand in a terminal; `-o json` has all of them. */
const shown = 40;

const timelineRow = ({ at, who, what }: TimelineEntry, now: number) => [clock(at, now), who, cut(what, 120)];

const leftRows = ({ settings, others }: Left) =>
  table(
    ['OBJECT', 'FIELD', 'BEFORE', 'NOW'],
    [...settings, ...others]
      .map(readableChange)
      .map(({ target, field, before, after }) => [target, field, before ?? '(absent)', after ?? '(absent)']),
  );

const stepRow = ({ began, ended, state, title, because, evidence, undone }: StepReport, now: number) => [
  clock(ended ?? began, now),
  undone ? 'undone' : stateText(state),
  title,
  cut(
    [undone && line`Undone at ${clock(undone, now)}.`, because, evidence === because ? '' : evidence].filter(Boolean).join(' '),
    120,
  ),
];
