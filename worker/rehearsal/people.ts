/** The messages of people in a scenario, and their times. */

import type { Report } from '../../workflows/contract/index.ts';
import { span } from '../../workflows/kit/record/duration.ts';
import type { Message, People } from './rehearse.ts';
import type { Act, Reply } from './schema.ts';

const isReply = (one: Reply | Act): one is Reply => 'question' in one;

export interface ScriptedPeople {
  people: People;
  acts: Acted[];
  /** Titles of questions that are answered for, and were never asked. */
  unused: () => string[];
}

/** A message of a person without a question: when, in milliseconds after the start, and to the incident of which runbook, if it is said. */
export type Acted = Message & { runbook?: string };

/** Each reply is given once: the first to the first question with its title, the second to the next, in whichever incident. */
export function scriptedPeople(said: (Reply | Act)[]): ScriptedPeople {
  const waiting = said.filter(isReply);
  const seen = new Set<string>();
  const people = ({ incident, runbook, questions }: Report) =>
    questions.flatMap(({ id, title }) => {
      if (seen.has(`${incident} ${id}`)) return [];
      seen.add(`${incident} ${id}`);
      const index = waiting.findIndex(reply => reply.question === title && (reply.runbook ?? runbook) === runbook);
      return index < 0 ? [] : waiting.splice(index, 1).flatMap(reply => decisions(id, reply));
    });
  const acts = said.flatMap(one => (isReply(one) ? [] : [actOf(one)]));
  return { people, acts, unused: () => waiting.map(({ question }) => question) };
}

function decisions(id: string, { choice, who, second, after = '1 minute', text, reason }: Reply): Message[] {
  const says = { question: id, choice, by: who, ...(text && { text }), ...(reason && { reason }) };
  const first: Message = { after: span(after), signal: 'decide', args: [says] };
  return second === undefined ? [first] : [first, { ...first, after: 2 * span(after), args: [{ ...says, by: second }] }];
}

const actOf = ({ does, at, who, reason, runbook }: Act): Acted => ({
  after: span(at),
  signal: does,
  args: [{ by: who, ...(reason && { reason }) }],
  ...(runbook && { runbook }),
});
