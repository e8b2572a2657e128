import { CancellationScope, CancelledFailure } from '@temporalio/workflow';
import type { Answer, Plan, Question, QuestionKind, Role, TextForm } from '../../contract/index.ts';
import { type Duration, span } from '../record/duration.ts';
import type { Incident } from './incident.ts';
import { hasResolved, isWithdrawing, theirs } from '../record/alerts.ts';
import { isCancelled } from './scope.ts';
import { isOpen } from '../record/state.ts';

/** The input of a question. */
export interface Asking {
  kind: QuestionKind;
  title: string;
  choices: readonly string[];
  owner: Role;
  also?: Role | undefined;
  blocking?: boolean;
  suggest?: string;
  because?: string;
  evidence?: string;
  text?: TextForm;
  second?: Role;
  plan?: Plan;
  /** From when it is announced, or at that time; then `otherwise` is the answer. */
  by?: Duration | Date;
  otherwise?: string;
}

/** Puts a question on the board. Its id are the words of its title, numbered from the second time on. */
export function put(incident: Incident, asking: Asking): string {
  if (isCancelled(CancellationScope.current()))
    throw new CancelledFailure('the incident was cancelled: its questions are withdrawn');
  const { by, choices, blocking = true, ...rest } = asking;
  const id = idFor(incident, asking.title);
  const until = by && (by instanceof Date ? { expires: by.toISOString() } : { lasts: span(by) });
  const question: Question = { ...rest, id, blocking, choices: [...choices], asked: incident.now(), ...until };
  incident.record({ kind: 'asked', question });
  return id;
}

export const isAsked = ({ state }: Incident, id: string) => state.questions.some(asked => asked.id === id && isOpen(asked));

/** No one needs to answer any more; one that is answered stays so. */
export function withdraw(incident: Incident, id: string, because: string) {
  if (isAsked(incident, id)) incident.record({ kind: 'withdrawn', question: id, because });
}

/** The answer, when someone (or time) gives it; or why no one needs to. Cancelling withdraws, so no one waits in vain. */
export async function answerTo(incident: Incident, id: string): Promise<Answer | { withdrawn: string }> {
  const question = () => incident.state.questions.find(asked => asked.id === id);
  await incident.until(() => question()?.answer !== undefined || question()?.withdrawn !== undefined);
  return question()?.answer ?? { withdrawn: question()?.withdrawn ?? '' };
}

/** Puts a question that the runbook comes to; one that it came to before it rolled over is the same question. */
export const pose = (incident: Incident, asking: Asking): string =>
  incident.comesAgain('question', asking.title, time => nth(incident, asking, time)) ?? put(incident, asking);

const nth = ({ state }: Incident, { title, kind }: Asking, time: number) =>
  state.questions.filter(asked => asked.title === title && asked.kind === kind)[time - 1]?.id;

/** The answer, or nothing when the question is withdrawn. */
export async function askPeople(incident: Incident, asking: Asking): Promise<Answer | undefined> {
  const id = pose(incident, asking);
  if (!theirs.includes(asking.kind) && isWithdrawing(incident.state)) withdraw(incident, id, hasResolved);
  const answer = await answerTo(incident, id);
  return 'choice' in answer ? answer : undefined;
}

/** Numbered from the latest of its title: earlier ones may be forgotten. */
function idFor({ state: { questions } }: Incident, title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  const taken = new Set(questions.map(({ id }) => id));
  const numbered = (n: number): string => (n === 1 ? words : `${words}-${n}`);
  const latest = questions.findLast(asked => asked.title === title)?.id;
  let number = latest === undefined ? 1 : Number(latest.slice(words.length + 1) || 1) + 1;
  while (taken.has(numbered(number))) number += 1;
  return numbered(number);
}
