/** The consequence of an accepted answer: in words at once, or waited for. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Question, Report } from '../../workflows/contract/index.ts';
import { stateText } from '../../workflows/contract/index.ts';
import { Failed, Refused } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { reported } from '../reported.ts';
import type { Desk } from './desk.ts';
import { answerLine } from './question-lines.ts';
import { line, span } from './text.ts';

const noQuestion: Pick<Question, 'kind' | 'second'> = { kind: 'choice' };

/** The consequence of an answer; that it is accepted does not mean that anything is changed yet. */
export function follows(choice: string, { kind, second }: Pick<Question, 'kind' | 'second'> = noQuestion): string {
  if (kind === 'plan' && choice === 'approve')
    return `${second ? 'Two people must approve it. Then its' : 'Its'} preconditions are checked again before anything is written: it may still be refused.`;
  if (kind === 'stuck' && choice.endsWith('retry')) return 'The step is tried again, and may be stuck again.';
  if (kind === 'held' && choice === 'release') return 'The step is planned again, and waits again while the hold is set.';
  return kind === 'plan' || kind === 'stuck' || kind === 'held' ? 'The step is settled so; nothing more is written for it.' : '';
}

/** `ok` is false where the step was refused and asks again. */
export interface Outcome {
  ok: boolean;
  text: string;
}

/** The outcome of the step that a question was about; nothing while it is still on its way. */
export function outcomeOf(report: Report, id: string): Outcome | undefined {
  const question = report.questions.find(asked => asked.id === id);
  if (!question) return { ok: true, text: 'the question is no longer in the record' };
  if (!question.answer && !question.withdrawn) return undefined;
  const step = report.steps.findLast(({ title }) => title === question.title);
  if (!step) return { ok: true, text: line`“${question.title}” is answered: ${question.answer?.choice ?? 'withdrawn'}` };
  const { state, because, waits } = step;
  if (state === 'running' || waits?.question === id) return undefined;
  if (state !== 'waiting') return { ok: true, text: line`${step.title}: ${stateText(state)}: ${because}` };
  const next = report.questions.find(asked => asked.id === waits?.question);
  return {
    ok: false,
    text: line`${step.title} was not done: ${because}${next ? ` Asked again: ${answerLine(report.incident, next)}` : ''}`,
  };
}

/** Milliseconds between two reads. */
const every = 500;

/** Throws `Refused` where it asks again, `Failed` where the time is over. */
export async function waitForOutcome(desk: Desk, incident: Listed, id: string, within: number): Promise<string> {
  const until = desk.now() + within;
  for (;;) {
    const { report, notProgressing } = await reported(
      desk.temporal,
      await desk.temporal.again({ workflowId: incident.workflowId }),
    );
    if (notProgressing) throw new Failed(line`${incident.name} is stuck: ${notProgressing.error}. Fix: ${notProgressing.fix}`);
    const outcome = report && outcomeOf(report, id);
    if (outcome?.ok) return outcome.text;
    if (outcome) throw new Refused(outcome.text);
    if (desk.now() > until)
      throw new Failed(line`Not settled after ${span(within)}; it continues: runbooks show ${incident.name}`);
    await pause(every);
  }
}
