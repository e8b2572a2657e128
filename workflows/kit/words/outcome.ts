import type { Answer, Call, Clearing, Outcome, Plan, StepReport } from '../../contract/index.ts';
import type { Incident } from '../incident/incident.ts';
import { put } from '../incident/questions.ts';
import { choiceOf } from '../record/clearing.ts';
import type { Settlement } from '../record/events.ts';
import { moved } from '../record/plan-difference.ts';
import { type Acting, failureOf, nextLetter, type Trying } from './acting.ts';

/** What follows from one try: another, the end, or waiting for people. */
export type Next = { again: Partial<Call> } | { settled: Settlement } | { waits: Waits };
export type Waits = NonNullable<StepReport['waits']>;

export function onOutcome(incident: Incident, acting: Trying, outcome: Outcome): Next {
  if ('byHand' in outcome) return byHand(incident, acting, outcome.byHand);
  if ('planned' in outcome) return onPlan(incident, acting, outcome.planned, outcome.because);
  const { note, changes, effect, takeBack } = outcome.done;
  if (changes.length > 0) incident.record({ kind: 'mode', mode: 'supervised' });
  const settlement = { because: note, evidence: effect.text, changes, effect, ...(takeBack && { takeBack }) };
  if (effect.measured === 'none') return stuck(incident, acting, { ...settlement, because: effect.text }, {});
  return { settled: { ...settlement, state: effect.measured === 'part' ? 'part' : 'done' } };
}

type ByHand = Extract<Outcome, { byHand: object }>['byHand'];

/** A system that is not connected is no failure: its entry joins the list of what is ready to paste, where there is something to. */
function byHand(incident: Incident, { title }: Acting, { system, paste, because }: ByHand): Next {
  if (paste !== '') incident.record({ kind: 'by hand', step: title, system, paste });
  return { settled: { state: 'by hand', because: because ?? `${system} is not connected`, evidence: paste } };
}

function onPlan(incident: Incident, acting: Trying, plan: Plan, { reason, text }: { reason: string; text: string }): Next {
  if (reason === 'observe' || reason === 'dry run') {
    if (reason === 'observe') incident.record({ kind: 'mode', mode: 'observe' });
    return { settled: { state: 'would have', because: plan.summary, evidence: text, changes: plan.changes } };
  }
  const because = [text, ...(reason === 'moved' ? sinceApproved(incident, acting, plan) : [])].join(' ');
  if (reason === 'held') return wait(incident, acting, { kind: 'held', because, plan, choices: heldChoices }, {});
  incident.record({ kind: 'mode', mode: 'supervised' });
  return wait(incident, acting, { kind: 'plan', because, plan, choices: planChoices }, { approved: plan.digest });
}

/** An approval that no longer fits is refused, and what has moved is said. */
function sinceApproved(incident: Incident, { title }: Acting, plan: Plan): string[] {
  const seen = incident.state.questions.findLast(asked => asked.title === title && asked.plan !== undefined);
  const differences = seen?.plan ? moved(seen.plan, plan) : [];
  const because = `the plan has changed: ${differences.join('; ') || plan.summary}`;
  incident.record({ kind: 'refused', what: `approve ${title}`, by: seen?.answer?.by ?? 'nobody', because });
  return differences;
}

/** Answers after which it is tried again; every other leaves the step to people. */
export const goingOn = ['approve', 'release', 'retry'];
const planChoices = ['approve', 'skip', 'done by hand'];
const heldChoices = ['release', 'skip', 'done by hand'];
const stuckChoices = ['retry', 'skip', 'done by hand'];

/** Retry keeps the key while the outcome is unknown; after a definite *nothing done* it has a new letter. */
export function onFailure(incident: Incident, acting: Trying, error: unknown): Next {
  const { message, nothingDone, clearing } = failureOf(error);
  const again = nothingDone ? { key: nextLetter(acting.key, acting.call.key) } : {};
  return stuck(incident, acting, { because: message, evidence: message }, again, clearing);
}

export function stuck(
  incident: Incident,
  acting: Trying,
  settlement: Omit<Settlement, 'state'>,
  again: Partial<Call>,
  clearing?: Clearing,
): Next {
  const choices = [...stuckChoices, ...(clearing ? [choiceOf(clearing)] : [])];
  return wait(incident, acting, { kind: 'stuck', because: settlement.because, choices }, again, { ...settlement, clearing });
}

/** Puts the step before people, unless nobody needs to answer. */
function wait(
  incident: Incident,
  { title, key, approver, second, blocking, unwanted, call }: Trying,
  asking: { kind: 'plan' | 'stuck' | 'held'; because: string; choices: string[]; plan?: Plan },
  again: Partial<Call>,
  { clearing, ...settlement }: Partial<Omit<Settlement, 'state'>> & { clearing?: Clearing | undefined } = {},
): Next {
  const withdrawn = unwanted?.();
  if (withdrawn !== undefined) return { settled: { ...settlement, state: 'withdrawn', because: withdrawn } };
  const question = put(incident, {
    ...asking,
    title,
    owner: approver,
    blocking,
    ...(asking.kind === 'plan' && second && { second }),
  });
  const waits = { question, again: { key: call.key, ...again }, ...(clearing && { clearing }) };
  incident.record({ kind: 'step settled', key, because: asking.because, ...settlement, state: 'waiting', waits });
  return { waits };
}

export const leftBy = ({ choice, by, reason, text }: Answer): Settlement => ({
  state: choice === 'skip' ? 'skipped' : 'by hand',
  because: [`${choice} (${by})`, reason, text].filter(Boolean).join(': '),
});
