/** A rehearsal told in the order in which it happened: for people. */

import type { Change, Question, Report, StepReport } from '../../workflows/contract/index.ts';
import type { Rehearsal } from './rehearse.ts';
import type { Scenario } from './scenario.ts';

interface Moment {
  /** RFC 3339. */
  at: string;
  lines: string[];
}

/** What happened at the same second stands in the order in which it makes sense. */
export function told({ title, at }: Pick<Scenario, 'title' | 'at'>, { report, closed }: Rehearsal): string[] {
  const moments = momentsOf(report).toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return [
    `${report.title}: ${title}`,
    `Times count from the alert, ${at}.`,
    '',
    ...moments.flatMap(moment => timely(report.times.fired, moment)),
    '',
    ...ending(report, closed),
  ];
}

function momentsOf({ summary, times, commander, phases, steps, questions, refusals, outcome }: Report): Moment[] {
  return [
    ...moment(times.fired, `The alert fires: ${summary}`),
    ...steps.filter(({ ended }) => ended).map(step => ({ at: step.ended ?? '', lines: stepLines(step) })),
    ...refusals.flatMap(({ at, by, what, because }) => moment(at, `Refused: ${by} would ${what}: ${because}`)),
    ...questions.flatMap(answered),
    ...phases.flatMap(({ began, title }) => moment(began, `── ${title}`)),
    ...phases.flatMap(({ overdue, title }) => moment(overdue, `${title} is overdue`)),
    ...questions.map(({ asked, title, owner, choices }) => ({
      at: asked,
      lines: [`? ${title} (${owner})`, `  ${choices.join(' · ')}`],
    })),
    ...moment(times.acknowledged, `${commander ?? 'Somebody'} acknowledges, and commands`),
    ...moment(times.resolved, 'Resolved: recovery is measured. Now the alert must stay quiet'),
    ...moment(times.closed, `Closed: ${outcome}`),
  ];
}

const moment = (at: string | undefined, line: string): Moment[] => (at ? [{ at, lines: [line] }] : []);

const stepLines = ({ title, state, because, evidence, effect, changes }: StepReport): string[] => [
  `${state.padEnd(10)} ${title}: ${because}`,
  ...changes.map(changeLine),
  ...(effect && effect.measured !== 'nothing to measure' ? [`${indent}measured: ${effect.text}`] : []),
  ...(state === 'by hand' && evidence ? [`${indent}${evidence}`] : []),
];

const indent = ' '.repeat(11);
const changeLine = ({ target, field, before, after }: Change) =>
  `${indent}${target} ${field}: ${before ?? 'absent'} → ${after ?? 'absent'}`;

function answered({ title, answer, withdrawn: _ }: Question): Moment[] {
  const by = answer?.how === 'time' ? 'Nobody answers in time' : answer?.by;
  return moment(answer?.at, `${by}: “${title}” ${answer?.choice}${answer?.reason ? ` (${answer.reason})` : ''}`);
}

function timely(fired: string, { at, lines: [first = '', ...rest] }: Moment): string[] {
  const elapsed = clock(Date.parse(at) - Date.parse(fired));
  return [`${elapsed}  ${first}`, ...rest.map(line => `${' '.repeat(elapsed.length)}  ${line}`)];
}

const two = (count: number) => String(count % 60).padStart(2, '0');

/** `  0:04:05`: hours, minutes and seconds. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`.padStart(9);
}

function ending({ state, outcome, questions, followUps, undelivered }: Report, closed: boolean): string[] {
  const open = questions.filter(({ answer, withdrawn }) => !answer && !withdrawn);
  return [
    closed ? `Closed: ${outcome}.` : `It is still open (${state}) where the rehearsal ends.`,
    ...open.map(({ title, owner }) => `It waits for ${owner}: ${title}`),
    ...followUps.map(({ title, owner, confirm }) => `Afterwards, ${owner}: ${title} (${confirm})`),
    ...undelivered.map(({ system, because }) => `Not delivered: ${system} (${because})`),
  ];
}
