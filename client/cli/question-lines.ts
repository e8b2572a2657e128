/** How questions are shown and answered. */

import type { Question } from '../../workflows/contract/index.ts';
import { bold, clock, line, quoted } from './text.ts';

/** The command that answers as suggested; where nothing is, with what may be chosen. */
export const answerLine = (name: string, { id, choices, suggest }: Question) =>
  suggest === undefined
    ? line`${decideLine(name, id, open)}. Choices: ${choices.map(quoted).join(', ')}`
    : decideLine(name, id, quoted(suggest));

/** Where a choice goes that nobody has proposed. */
const open = '<choice>';

const decideLine = (name: string, id: string, choice: string) => line`runbooks decide ${name} ${id} ${choice} --as YOU`;

/** Everything somebody needs to answer it. */
export function questionLines(name: string, workflowId: string, question: Question): string[] {
  const { id, title, choices, owner, because, evidence, plan, expires, otherwise } = question;
  const input = JSON.stringify({ question: id, choice: question.suggest ?? open, by: 'YOU' });
  return [
    bold(line`${title} (${id}, for ${owner}${question.blocking ? '' : ', nothing waits for it'})`),
    ...(because ? [line`  because    ${because}`] : []),
    ...(evidence ? [line`  evidence   ${evidence}`] : []),
    ...(plan ? planLines(plan) : []),
    ...(expires ? [line`  expires    ${clock(expires)}, then: ${otherwise ?? 'nothing'}`] : []),
    ...choices.map(
      choice => line`  ${decideLine(name, id, quoted(choice))}${choice === question.suggest ? '   (proposed)' : ''}`,
    ),
    line`  or: temporal workflow signal --workflow-id ${quoted(workflowId)} --name decide --input ${quoted(input)}`,
  ];
}

function planLines({ summary, changes, consequences, digest }: NonNullable<Question['plan']>): string[] {
  return [
    line`  plan       ${summary}`,
    ...changes.map(
      ({ target, field, before, after }) => line`    ${target} ${field}: ${before ?? '(absent)'} → ${after ?? '(absent)'}`,
    ),
    ...consequences.map(consequence => line`    then ${consequence}`),
    line`    digest ${digest}`,
  ];
}

/** One that waits no more. */
export const settledLine = ({ title, answer, withdrawn }: Question) =>
  answer
    ? line`${title} ${answer.choice}, by ${answer.by} at ${clock(answer.at)}${answer.reason ? `: ${answer.reason}` : ''}`
    : line`${title} withdrawn: ${withdrawn ?? ''}`;
