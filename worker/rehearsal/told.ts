/** A rehearsal told in the order in which it happened: for people. */

import {
  type Change,
  type Question,
  readableChange,
  type Report,
  type StepReport,
  stateText,
} from '../../workflows/contract/index.ts';
import type { Effects } from './effects.ts';
import type { Recipient } from './recipients.ts';
import type { Scenario } from './scenario.ts';

interface Moment {
  /** RFC 3339. */
  at: string;
  lines: string[];
}

/** One incident. What happened at the same second stands in the order in which it makes sense. */
export function told({ title, at, setting }: Pick<Scenario, 'title' | 'at' | 'setting'>, effects: Effects): string[] {
  const { report, closed } = effects;
  const moments = momentsOf(report).toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const isFirst = Date.parse(report.times.opened) === setting.start;
  return [
    `${report.title}: ${title}`,
    `${report.incident}. Times count from the ${report.kind ? 'start' : 'alert'}, ${isFirst ? at : report.times.fired}.`,
    '',
    ...moments.flatMap(moment => timely(report.times.fired, moment)),
    ...listed('Effects, each under its key:', effectLines(effects)),
    ...listed('Messages, and who they reach:', messageLines(effects)),
    ...listed('Questions:', effects.questions.map(questionLine)),
    '',
    ...ending(report, closed),
  ];
}

const listed = (heading: string, lines: string[]) => (lines.length > 0 ? ['', heading, ...lines.map(line => `  ${line}`)] : []);

/** The same key is the same effect, however often it was tried. */
const effectLines = ({ effects }: Pick<Effects, 'effects'>) =>
  counted(
    effects.map(({ type, key }) => `${type}: ${key}`),
    'called',
  );

/** Each message once, however often it was tried; the same words to the same people are counted. */
function messageLines({ messages }: Pick<Effects, 'messages'>): string[] {
  const once = messages.filter(({ key }, index) => messages.findIndex(one => one.key === key) === index);
  return counted(
    once.map(({ title, to }) => `${title} → ${toWhom(to)}`),
    'sent',
  );
}

const counted = (lines: string[], happened: string) =>
  [...Map.groupBy(lines, line => line)].map(([line, { length }]) => (length > 1 ? `${line}, ${happened} ${length} times` : line));

/** `primary, quantum (pagerduty PAGERDUTY_ROUTING_KEY); finance (reaches nobody)`. */
const toWhom = (recipients: Recipient[]) =>
  [...Map.groupBy(recipients, ({ way }) => way)]
    .map(([way, group]) => `${group.map(({ to }) => to).join(', ')} (${way ?? 'reaches no one'})`)
    .join('; ');

function questionLine(question: Effects['questions'][number]): string {
  const { title, owner, result } = question;
  const answer =
    'answer' in question ? `: ${question.answer.choice}${result === 'answered' ? `, by ${question.answer.by}` : ''}` : '';
  return `${result.padEnd(9)}  ${title} (${owner})${answer}${'because' in question ? `: ${question.because}` : ''}`;
}

function momentsOf({ kind, summary, times, commander, phases, steps, questions, refusals, outcome }: Report): Moment[] {
  return [
    ...moment(times.fired, kind ? `The operation starts: ${summary}` : `The alert fires: ${summary}`),
    ...steps.filter(({ ended }) => ended).map(step => ({ at: step.ended ?? '', lines: stepLines(step) })),
    ...refusals.flatMap(({ at, by, what, because }) => moment(at, `Refused: ${by} would ${what}: ${because}`)),
    ...questions.flatMap(answered),
    ...phases.flatMap(({ began, title }) => moment(began, `── ${title}`)),
    ...phases.flatMap(({ overdue, title }) => moment(overdue, `${title} is overdue`)),
    ...questions.map(({ asked, title, owner, choices }) => ({
      at: asked,
      lines: [`? ${title} (${owner})`, `  ${choices.join(' · ')}`],
    })),
    ...moment(times.acknowledged, `${commander ?? 'Someone'} acknowledges and takes command`),
    ...moment(times.resolved, 'Resolved: recovery is measured. Now the alert must stay quiet'),
    ...moment(times.closed, `Closed: ${outcome}`),
  ];
}

const moment = (at: string | undefined, line: string): Moment[] => (at ? [{ at, lines: [line] }] : []);

const stepLines = ({ title, state, because, evidence, effect, changes }: StepReport): string[] => [
  `${stateText(state).padEnd(10)} ${title}: ${because}`,
  ...changes.map(readableChange).map(changeLine),
  ...(effect && effect.measured !== 'nothing to measure' ? [`${indent}measured: ${effect.text}`] : []),
  ...(state === 'by hand' && evidence ? [`${indent}${evidence}`] : []),
];

const indent = ' '.repeat(11);
const changeLine = ({ target, field, before, after }: Change) =>
  `${indent}${target} ${field}: ${before ?? 'absent'} → ${after ?? 'absent'}`;

function answered({ title, answer, withdrawn: _ }: Question): Moment[] {
  const by = answer?.how === 'time' ? 'No one answers in time' : answer?.by;
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
    ...followUps.map(({ title, owner, confirm, over }) => `${over ? 'Over' : 'Afterwards'}, ${owner}: ${title} (${confirm})`),
    ...undelivered.map(({ system, because }) => `Not delivered: ${system} (${because})`),
  ];
}
