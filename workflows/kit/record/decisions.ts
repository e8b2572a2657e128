import {
  type Answer,
  type Decision,
  needsReason,
  type Plan,
  type Question,
  type StepReport,
  type TextForm,
  textForms,
} from '../../contract/index.ts';
import { longestEvidence, mostEntries, newest } from './bounds.ts';
import { cutAnswer, cutQuestion } from './cut-texts.ts';
import { withPage } from './escalation.ts';
import type { Timed } from './events.ts';
import { acknowledged, withRefusal } from './commands.ts';
import { isSame, notBoth, unauthorised } from './roles.ts';
import { isOpen, type State } from './state.ts';
import { cut } from './text.ts';

/** Why a decision cannot be accepted; nothing when it can. The first valid decision wins. */
export function refusalOf(state: State, decision: Decision): string | undefined {
  const question = state.questions.find(({ id }) => id === decision.question);
  if (state.state === 'closed') return 'the incident is closed';
  if (!question) return `no open question ${decision.question}. Open: ${openIds(state)}`;
  if (question.answer) return alreadyDecided(question.answer);
  if (question.withdrawn) return `no longer asked: ${question.withdrawn}`;
  return unfit(question, decision) ?? unauthorised(state, question, decision.by) ?? uncounted(state, question, decision);
}

const alreadyDecided = ({ by, how, choice }: Answer) =>
  how === 'time' ? `too late: no one answered in time, so the answer is “${choice}”` : `already decided by ${by}: ${choice}`;

/** Why an answer does not fit an open question. */
function unfit(
  { kind, choices, plan, otherwise, text: form }: Question,
  { choice, by, text, reason, digest }: Decision,
): string | undefined {
  if (kind === 'text' && choice !== otherwise) return unlike(form, text);
  if (kind !== 'text' && !choices.includes(choice)) return `choose one of: ${choices.join(', ')}`;
  if (digest !== undefined && digest !== plan?.digest) return otherPlan(plan);
  if (needsReason(choice) && !reason?.trim()) return 'this answer needs a reason';
  return by.trim() === '' ? 'the name of the person who decides is missing' : undefined;
}

const otherPlan = (plan: Plan | undefined) =>
  plan ? `the plan has another digest now: ${plan.digest}` : 'this question has no plan: answer without a digest';

function unlike(form: TextForm | undefined, text: string | undefined): string | undefined {
  const { pattern, says } = textForms[form ?? 'secret name'];
  if (text === undefined) return `this question is answered with a text: ${says}`;
  return pattern.test(text) ? undefined : `the text (${text.length} characters) is not ${says}`;
}

/** Why a text that is given to an open question for one is not what is asked: it may be the secret itself. */
export function unlikeAsked({ questions }: State, id: unknown, text: unknown): string | undefined {
  const asked = questions.find(question => question.id === id && question.kind === 'text' && isOpen(question));
  return asked && typeof text === 'string' ? unlike(asked.text, text) : undefined;
}

const openIds = (state: State) =>
  state.questions
    .filter(isOpen)
    .map(({ id }) => id)
    .join(', ') || 'none';

/** True if the choice needs two people. */
const needsSecond = ({ second, kind, otherwise }: Question, choice: string) =>
  second !== undefined && choice !== otherwise && (kind !== 'plan' || choice === 'approve');

/** Why a fitting answer does not count: it takes two persons, or breaking the glass, with a reason. */
function uncounted(state: State, question: Question, decision: Decision): string | undefined {
  const { choice, by, reason, breakGlass } = decision;
  if (!needsSecond(question, choice))
    return breakGlass ? 'this needs only one approver; --break-glass does not apply' : undefined;
  if (breakGlass) return reason?.trim() ? undefined : 'deciding alone (--break-glass) needs a reason';
  const vote = question.votes?.find(wantsTheSame(decision));
  if (!vote) return undefined;
  return isSame(vote.by, by)
    ? `${vote.by} has approved; a second person (${question.owner} or ${question.second}) must approve`
    : notBoth(state, question, vote.by, by);
}

const wantsTheSame =
  ({ choice, text }: Pick<Answer, 'choice' | 'text'>) =>
  (vote: Answer) =>
    vote.choice === choice && vote.text === text;

export function withDecision(state: State, decision: Decision, how: Answer['how'], at: string): State {
  const { question: id, choice, by } = decision;
  const because = refusalOf(state, decision);
  if (because !== undefined) return withRefusal(state, { at, by, what: `${choice} for ${id}`, because });
  const question = state.questions.find(asked => asked.id === id);
  return acknowledged(question ? voted(state, question, decision, { how, at }) : state, by, at);
}

/** One person's answer, or one of the two that it takes; a vote may be changed until two persons agree. */
function voted(state: State, question: Question, decision: Decision, given: Pick<Answer, 'how' | 'at'>): State {
  const { id, votes = [] } = question;
  const vote = answerOf(decision, given);
  if (decision.breakGlass) return withBrokenGlass(changeQuestion(state, id, { answer: vote }), question, vote);
  if (!needsSecond(question, decision.choice)) return changeQuestion(state, id, { answer: vote });
  const others = votes.filter(({ by }) => !isSame(by, vote.by));
  const first = others.find(wantsTheSame(vote));
  const answer = first && { ...vote, by: `${first.by} and ${vote.by}` };
  return changeQuestion(state, id, { votes: newest(others, vote, mostEntries), answer });
}

const answerOf = ({ choice, by, text, reason }: Decision, { how, at }: Pick<Answer, 'how' | 'at'>): Answer =>
  cutAnswer({ choice, by, how, at, text: text || undefined, reason: reason || undefined });

/** One person decided what takes two: the owners are woken, and it stands first in the report. */
function withBrokenGlass(state: State, { id, title, owner, second }: Question, { by, at, reason = '' }: Answer): State {
  const broken = { at, by, question: id, title, reason };
  const roles = [...new Set([owner, ...(second ? [second] : [])])];
  const because = `${by} decided “${title}” alone; it needs two people`;
  return withPage({ ...state, brokenGlass: newest(state.brokenGlass, broken, mostEntries) }, { roles, because });
}

/** The question says what was measured last, and an approval is of the plan that it shows now. */
export function withJudgement(state: State, { key, question, because, plan }: Extract<Timed, { kind: 'judged again' }>): State {
  const asked = state.questions.find(({ id }) => id === question);
  if (!asked || !isOpen(asked)) return state;
  const votes = asked.plan?.digest === plan.digest ? asked.votes : undefined;
  const next = changeQuestion(state, question, cutQuestion({ ...asked, because, plan, votes }));
  const steps = state.steps.map(step =>
    step.key === key && step.waits
      ? { ...step, because: cut(because, longestEvidence), waits: approving(step.waits, plan) }
      : step,
  );
  return { ...next, steps };
}

const approving = (waits: NonNullable<StepReport['waits']>, { digest }: Plan) => ({
  ...waits,
  again: { ...waits.again, approved: digest },
});

export const changeQuestion = (state: State, id: string, change: Partial<Question>): State => ({
  ...state,
  questions: state.questions.map(asked => (asked.id === id ? { ...asked, ...change } : asked)),
});
