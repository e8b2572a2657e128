/** Lists that a roll-over goes through again, and what of them may be forgotten. Pure. */

import type { Question, QuestionKind, StepReport } from '../../contract/index.ts';
import { mostAnnouncements, mostPages, mostSettled } from './bounds.ts';
import { pagingPhase, questionsPhase } from './phases-of-ours.ts';
import { isOpen } from './state.ts';

const most: Readonly<Record<string, number>> = { [pagingPhase]: mostPages, [questionsPhase]: mostAnnouncements };

/** A sent page is forgotten when it is older than all that a roll-over may have to send. */
export function withStep(steps: StepReport[], step: StepReport): StepReport[] {
  const all = [...steps, step];
  const limit = Object.hasOwn(most, step.phase) ? most[step.phase] : undefined;
  if (limit === undefined) return all;
  const sent = all.filter(({ phase }) => phase === step.phase);
  return sent.length > limit ? all.filter(one => one !== sent[0]) : all;
}

/** Asked by a step as often as it is tried; every other question belongs to a word, which finds its own by number. */
const repeatable: QuestionKind[] = ['plan', 'held', 'stuck'];

/** The oldest settled question goes, but never the latest of its title. */
export function withQuestion(questions: Question[], question: Question): Question[] {
  const all = [...questions, question];
  const settled = all.filter(one => repeatable.includes(one.kind) && !isOpen(one));
  const latest = new Map(all.map(one => [one.title, one]));
  const oldest = settled.length > mostSettled ? settled.find(one => latest.get(one.title) !== one) : undefined;
  return oldest ? all.filter(one => one !== oldest) : all;
}
