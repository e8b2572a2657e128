/** A draft of the post-mortem: what the record knows stands there, what only people know is asked in brackets. */

import { runbooks } from '../../workflows/catalog/index.ts';
import type { Question, Report } from '../../workflows/contract/index.ts';
import { followUpLine, md } from './escaping.ts';
import { clock, span } from './text.ts';

export function postMortem(report: Report): string[] {
  const { title, severity, summary, times, runbook, followUps } = report;
  const breaks = runbooks.find(({ slug }) => slug === runbook)?.breaks;
  const end = times.resolved ?? times.closed;
  return [
    md`**What happened.** ${summary}. ${title}, ${severity}, ${lasted(times.fired, end)}.`,
    '',
    md`**Impact on customers.** Perhaps: ${breaks ?? 'something was not as usual'}. (How many, and how do you know?)`,
    '',
    `**Cause.** ${cause(report)}`,
    '',
    '**Timeline, UTC.**',
    '',
    ...timeline(report),
    '',
    '**What went well.**',
    '',
    ...listed(well(report)),
    '',
    '**What did not.**',
    '',
    ...listed(badly(report)),
    '',
    '**What we will change.**',
    '',
    ...followUps.map(followUpLine),
    '- [ ] (Action, owner, due date)',
  ];
}

const lasted = (fired: string, end: string | undefined) =>
  end ? `resolved ${span(Date.parse(end) - Date.parse(fired))} after the alert fired` : 'not resolved yet';

const listed = (lines: string[]) => (lines.length > 0 ? lines : ['- (Nothing that the record shows.)']);

/** Each time that it was asked: a cause that failed is learnt from too. */
function cause({ questions }: Report): string {
  const answers = questions.filter(({ title }) => title === 'What is the cause?').flatMap(({ answer }) => answer ?? []);
  if (answers.length === 0) return '(No one named it.)';
  return answers
    .map(({ choice, by, how }) => (how === 'time' ? md`No one named it in time.` : md`${choice}, said ${by}.`))
    .concat('(Why was it possible?)')
    .join(' ');
}

function timeline({ times, steps, questions }: Report): string[] {
  const moments = [
    ...Object.entries(times).flatMap(([what, at]) => (typeof at === 'string' ? [{ at, text: words[what] ?? what }] : [])),
    ...steps.flatMap(({ title, state, changes, began, ended = began }) =>
      changes.length > 0 && state !== 'would have' ? [{ at: ended, text: `${title}: ${state}` }] : [],
    ),
    ...questions.flatMap(({ title, answer }) =>
      answer ? [{ at: answer.at, text: `${answer.by} answered “${title}”: ${answer.choice}` }] : [],
    ),
  ];
  return moments
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map(({ at, text }) => md`- ${clock(at, Date.parse(times.fired))} ${text}`);
}

const words: Record<string, string> = {
  fired: 'the alert fired',
  opened: 'the incident was opened',
  paged: 'the first page went out',
  acknowledged: 'someone acknowledged',
  mitigated: 'a change had its measured effect',
  resolved: 'recovery was measured',
  closed: 'the incident was closed',
};

const well = ({ phases, steps, recovery }: Report): string[] => [
  ...phases.filter(({ by, ended, overdue }) => by && ended && !overdue).map(({ title }) => md`- ${title} was over in time.`),
  ...steps.filter(({ effect }) => effect?.measured === 'whole').map(({ title, effect }) => md`- ${title}: ${effect?.text ?? ''}`),
  ...(recovery?.verdict === 'healthy' ? [md`- Recovery was measured: ${recovery.evidence}`] : []),
];

const badly = ({ phases, steps, questions, undelivered, refusals }: Report): string[] => [
  ...phases.filter(({ overdue }) => overdue).map(({ title }) => md`- ${title} was overdue.`),
  ...steps
    .filter(({ state }) => state === 'part')
    .map(({ title, effect }) => md`- ${title} had only a part of its effect: ${effect?.text ?? ''}`),
  ...steps
    .filter(({ state }) => state === 'unknown')
    .map(({ title, evidence }) => md`- ${title} could not be known: ${evidence}`),
  ...questions.filter(isStuck).map(({ title, because = '' }) => md`- ${title} was stuck: ${because}`),
  ...questions.filter(({ answer }) => answer?.how === 'time').map(({ title }) => md`- No one answered “${title}” in time.`),
  ...undelivered.map(({ system, because }) => md`- Not delivered: ${system}: ${because}`),
  ...(refusals.length > 0 ? [md`- Answers that were refused: ${refusals.length}.`] : []),
];

const isStuck = ({ kind }: Question) => kind === 'stuck';
