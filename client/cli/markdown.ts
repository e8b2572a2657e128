/** The record of an incident as a page: for the ticket and the post-mortem. */

import {
  type Change,
  type PhaseReport,
  type Question,
  readableChange,
  type Report,
  type StepReport,
  stateText,
} from '../../workflows/contract/index.ts';
import { askedOfPeople, checklistLines } from './checklist.ts';
import { code, followUpLine, md, rows, section } from './escaping.ts';
import { postMortem } from './post-mortem.ts';
import { remarks } from './remarks.ts';
import { span } from './text.ts';

export const markdown = (report: Report): string[] => [
  ...heading(report),
  ...section('Decided by one person instead of two', rows(['at', 'question', 'by', 'why'], alone(report))),
  ...section('Times', rows(['', 'at', report.kind ? 'after its start' : 'after the alert fired'], times(report))),
  ...section(
    'Budgets',
    rows(
      ['phase', 'used', 'of', ''],
      report.phases.flatMap(phase => budget(phase, report)),
    ),
  ),
  ...section('Who decided what', rows(['asked', 'question', 'answer', 'by', 'identity', 'after'], decisions(report))),
  ...section(
    'Notes and reasons',
    rows(
      ['at', 'by', 'what', 'text'],
      remarks(report).map(({ at, by, what, text }) => [at, by, what, text]),
    ),
  ),
  ...section('Changes', rows(['step', 'target', 'field', 'before', 'after', 'undone', 'key'], changes(report))),
  ...section('Steps', rows(['began', 'ended', 'phase', 'step', 'state', 'because', 'evidence'], report.steps.map(stepRow))),
  ...section('Refused', rows(['at', 'what', 'by', 'because'], refusals(report))),
  ...section('Withdrawn', report.withdrawn.map(bullet)),
  ...section(
    'Not delivered',
    report.undelivered.map(({ system, because }) => md`- ${system}: ${because}`),
  ),
  ...section('To do by hand', report.byHand.flatMap(handwork)),
  ...(report.kind ? [] : section('Incident Response Checklist', checklistLines(report).slice(1))),
  ...(report.kind ? [] : section('Open items for people', askedOfPeople(report))),
  ...section('Afterwards', report.followUps.map(followUpLine)),
  ...(report.kind ? [] : section('Post-mortem (draft)', postMortem(report))),
  ...section('Alerts', report.alerts.map(alertLine)),
];

const alone = ({ brokenGlass = [] }: Report) => brokenGlass.map(({ at, title, by, reason }) => [at, title, by, reason]);

function heading(report: Report): string[] {
  const { title, incident, severity, state, summary, outcome, mode, commander, recovery, like, standing } = report;
  return [
    md`# ${title}: ${incident}`,
    '',
    md`${severity}, ${state}${outcome ? ` (${outcome})` : ''}${mode ? `, ${mode}` : ''}. ${summary}`,
    ...(like ? ['', md`Continues ${like.incident}: every step before “${like.from}” is taken from its record.`] : []),
    ...(commander ? ['', md`Commander: ${commander}`] : []),
    ...(recovery ? ['', md`Recovery: ${recovery.verdict}. ${recovery.evidence}`] : []),
    ...(standing ? ['', md`Stood when it ended: ${standing.join('; ')}. To restore: runbooks undo ${incident}`] : []),
  ];
}

const bullet = (what: string) => md`- ${what}`;

const handwork = ({ step, system, paste }: Report['byHand'][number]) => [md`- ${step} (${system}):`, '', ...code(paste), ''];

/** An operation has no alert, and no one acknowledges it. */
function times({ times, kind }: Report): string[][] {
  const fired = Date.parse(times.fired);
  const order = ['fired', 'opened', 'paged', 'acknowledged', 'mitigated', 'resolved', 'closed'] as const;
  const shown = kind === 'operation' ? order.filter(what => times[what] !== undefined) : order;
  return shown.map(what => {
    const at = times[what];
    return at ? [what, at, span(Date.parse(at) - fired)] : [what, 'never', ''];
  });
}

/** From when the alert fired, as the written times count; what was taken over used the budget of another incident. */
function budget({ title, began, by, ended, overdue }: PhaseReport, { times }: Report): string[][] {
  if (by === undefined || began < times.opened) return [];
  const since = (at: string) => span(Date.parse(at) - Date.parse(times.fired));
  return [[title, ended ? since(ended) : 'not over', since(by), overdue ? 'overdue' : ended ? 'in time' : '']];
}

const decisions = ({ questions }: Report) => questions.map(decision);

function decision({ asked, title, answer, withdrawn }: Question): string[] {
  if (!answer) return [asked, title, withdrawn ? `withdrawn: ${withdrawn}` : 'open', '', '', ''];
  const { choice, text, reason, by, how, at } = answer;
  const said = [[choice, text].filter(Boolean).join(' '), reason].filter(Boolean).join(': ');
  return [asked, title, said, by, known[how], span(Date.parse(at) - Date.parse(asked))];
}

const known = {
  claimed: 'claimed: typed under this name, not verified',
  verified: 'verified by our intake',
  time: 'time: no one answered',
};

function changes({ steps }: Report): string[][] {
  const made = steps.flatMap(step => (step.state === 'would have' ? [] : step.changes.map(change => ({ step, change }))));
  return made.map(({ step, change }, index) => {
    const { target, field, before, after } = readableChange(change);
    const back = made.slice(index + 1).find(later => undoes(later.change, change));
    const taken = back ? `yes: ${back.step.title}, ${back.step.ended ?? ''}` : undoneText(step);
    return [step.title, target, field, before ?? '(absent)', after ?? '(absent)', taken, step.key];
  });
}

const undoneText = ({ undone }: StepReport) => (undone ? `yes, at ${undone}` : 'not in this record');

const undoes = (later: Change, change: Change) =>
  later.target === change.target && later.field === change.field && later.after === change.before;

const stepRow = ({ began, ended = '', phase, title, state, because, evidence }: StepReport) => [
  began,
  ended,
  phase,
  title,
  stateText(state),
  because,
  evidence,
];

const refusals = (report: Report) => report.refusals.map(({ at, what, by, because }) => [at, what, by, because]);

function alertLine({ name, status, startsAt, endsAt, fingerprint, absorbed, firedAgain }: Report['alerts'][number]) {
  const when = status === 'firing' || !endsAt ? `${status}, since ${startsAt}` : `fired at ${startsAt}, resolved at ${endsAt}`;
  const notes = [
    absorbed && `absorbed at ${absorbed}: a firing with the same start, right after it resolved`,
    firedAgain && `fires again at ${firedAgain}, with the same start, after it resolved`,
  ];
  return md`- ${[name, when, fingerprint, ...notes].filter(Boolean).join(', ')}`;
}
