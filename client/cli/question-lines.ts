/** How questions are shown and answered. */

import { needsReason, type Question, readableChange } from '../../workflows/contract/index.ts';
import { bold, clock, line, quoted } from './text.ts';

/** Where a choice goes that no one has proposed. */
const open = '<choice>';

/** The command that answers as suggested; where nothing is, with what may be chosen. */
export const answerLine = (name: string, question: Question) =>
  question.suggest === undefined
    ? line`${decideLine(name, question)}. Choices: ${question.choices.map(quoted).join(', ')}`
    : decideLine(name, question, question.suggest);

const asksReason = ({ choices }: Question, choice?: string) => (choice ? needsReason(choice) : choices.some(needsReason));

/** The choice as the shell shall read it. */
export function decideLine(name: string, question: Question, choice?: string) {
  const { id, text } = question;
  const named = text !== undefined && (choice === undefined || choice === text) ? ' --text NAME' : '';
  const why = asksReason(question, choice) ? ' --reason WHY' : '';
  return line`runbooks decide ${name} ${id} ${choice === undefined ? open : quoted(choice)}${named} --as YOU${why}`;
}

export function signalLine(workflowId: string, question: Question, choice = question.suggest) {
  const { id, text } = question;
  const answer = { question: id, choice: choice ?? open, by: 'YOU', text: text && 'NAME' };
  const input = JSON.stringify({ ...answer, reason: asksReason(question, choice) ? 'WHY' : undefined });
  return line`temporal workflow signal --workflow-id ${quoted(workflowId)} --name decide --input ${quoted(input)}`;
}

/** Everything someone needs to answer it. */
export function questionLines(name: string, workflowId: string, question: Question, now: number): string[] {
  const { id, title, choices, owner, also, because, evidence, plan, expires, otherwise, suggest } = question;
  return [
    bold(line`${title} (${id}, for ${owner}${also ? ` or ${also}` : ''}${question.blocking ? '' : ', optional'})`),
    ...(question.kind === 'held' ? [line`  held       since ${clock(question.asked, now)}`] : []),
    ...(because ? [line`  because    ${because}`] : []),
    ...(evidence ? [line`  evidence   ${evidence}`] : []),
    ...(plan ? planLines(plan) : []),
    ...(question.second ? [eyesLine(question)] : []),
    ...(expires ? [line`  expires    ${clock(expires, now)}, then: ${otherwise ?? 'nothing'}`] : []),
    ...choices.map(choice => `  ${decideLine(name, question, choice)}${choice === suggest ? '   (proposed)' : ''}`),
    `  or: ${signalLine(workflowId, question)}`,
  ];
}

const eyesLine = ({ owner, second, votes = [] }: Question) =>
  line`  two people as ${owner} and ${second ?? ''}; so far: ${votes.map(({ by, choice }) => `${by} (${choice})`).join(', ') || 'no one'}`;

function planLines({ summary, changes, consequences, digest }: NonNullable<Question['plan']>): string[] {
  return [
    line`  plan       ${summary}`,
    ...changes
      .map(readableChange)
      .map(({ target, field, before, after }) => line`    ${target} ${field}: ${before ?? '(absent)'} → ${after ?? '(absent)'}`),
    ...consequences.map(consequence => line`    then ${consequence}`),
    line`    digest ${digest}`,
  ];
}

/** One that waits no more. */
export const settledLine = ({ title, answer, withdrawn }: Question, now: number) =>
  answer
    ? line`${title} ${[answer.choice, answer.text].filter(Boolean).join(' ')}, by ${answer.by} at ${clock(answer.at, now)}${answer.reason ? `: ${answer.reason}` : ''}`
    : line`${title} withdrawn: ${withdrawn ?? ''}`;
