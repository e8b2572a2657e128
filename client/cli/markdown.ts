/** The record of an incident as a page. Whatever somebody else wrote is escaped: it is text, never Markdown or HTML. */

import type { Change, Report, StepReport } from '../../workflows/contract/index.ts';
import { plain, span } from './text.ts';

const active = /[\\`*_[\]<>#|!~&]/g;
const safe = (text: string | number) => plain(text).replace(active, String.raw`\$&`);
const md = (ours: TemplateStringsArray, ...theirs: (string | number)[]) => String.raw({ raw: ours }, ...theirs.map(safe));

const section = (title: string, lines: string[]) => (lines.length > 0 ? ['', `## ${title}`, '', ...lines] : []);
const rows = (head: string[], body: string[][]) =>
  body.length === 0 ? [] : [row(head), row(head.map(() => '---')), ...body.map(cells => row(cells.map(safe)))];
const row = (cells: string[]) => `| ${cells.join(' | ')} |`;

export function markdown(report: Report): string[] {
  const { title, incident, severity, state, summary, outcome, mode, commander, recovery } = report;
  const [closing] = recovery ? [md`Recovery: ${recovery.verdict}. ${recovery.evidence}`] : [];
  return [
    md`# ${title}: ${incident}`,
    '',
    md`${severity}, ${state}${outcome ? ` (${outcome})` : ''}${mode ? `, ${mode}` : ''}. ${summary}`,
    ...(commander ? ['', md`Commander: ${commander}`] : []),
    ...(closing ? ['', closing] : []),
    ...section('Times', rows(['', 'at', 'after the alert fired'], times(report))),
    ...section('Changes', rows(['step', 'target', 'field', 'before', 'after'], report.steps.flatMap(changes))),
    ...section('Steps', rows(['at', 'phase', 'step', 'state', 'because', 'evidence'], report.steps.map(stepRow))),
    ...section('Questions', rows(['asked', 'question', 'answer', 'by', 'reason'], report.questions.map(questionRow))),
    ...section(
      'Refused',
      rows(
        ['at', 'what', 'by', 'because'],
        report.refusals.map(({ at, what, by, because }) => [at, what, by, because]),
      ),
    ),
    ...section(
      'Withdrawn',
      report.withdrawn.map(what => md`- ${what}`),
    ),
    ...section(
      'Not delivered',
      report.undelivered.map(({ system, because }) => md`- ${system}: ${because}`),
    ),
    ...section(
      'To do by hand',
      report.byHand.flatMap(({ step, system, paste }) => [md`- ${step} (${system}):`, '', ...code(paste), '']),
    ),
    ...section(
      'Afterwards',
      report.followUps.map(({ title, owner, confirm }) => md`- [ ] ${title} (${owner}): ${confirm}`),
    ),
    ...section(
      'Alerts',
      report.alerts.map(({ name, status, startsAt, fingerprint }) => md`- ${name}, ${status}, since ${startsAt}, ${fingerprint}`),
    ),
  ];
}

/** Four spaces make code of whatever stands behind them. */
const code = (text: string) => text.split('\n').map(one => `    ${plain(one)}`);

function times({ times }: Report): string[][] {
  const fired = Date.parse(times.fired);
  return Object.entries(times).flatMap(([what, at]) =>
    typeof at === 'string' ? [[what, at, span(Date.parse(at) - fired)]] : [],
  );
}

const changes = ({ title, changes }: StepReport): string[][] =>
  changes.map(({ target, field, before, after }: Change) => [title, target, field, before ?? '(absent)', after ?? '(absent)']);

const stepRow = ({ began, phase, title, state, because, evidence }: StepReport) => [
  began,
  phase,
  title,
  state,
  because,
  evidence,
];

const questionRow = ({ asked, title, answer, withdrawn }: Report['questions'][number]) => [
  asked,
  title,
  answer?.choice ?? (withdrawn ? `withdrawn: ${withdrawn}` : 'open'),
  answer?.by ?? '',
  answer?.reason ?? '',
];
