import type {
  Answer,
  Call,
  Outcome,
  Plan,
  Question,
  QuestionKind,
  RemedialAction,
  Role,
  StepReport,
} from '../../contract/index.ts';
import type { Incident } from '../incident/incident.ts';
import { put } from '../incident/questions.ts';
import type { Settlement } from '../record/events.ts';
import { moved } from '../record/plan-difference.ts';
import { type Acting, failureOf, nextLetter, type Trying } from './acting.ts';
import { noteReach, noteTicket } from './reach.ts';

/** The result of one try: another try, the end, or waiting for people. */
export type Next = { again: Partial<Call> } | { settled: Settlement } | { waits: Waits };
export type Waits = NonNullable<StepReport['waits']>;

export function onOutcome(incident: Incident, acting: Trying, outcome: Outcome): Next {
  if ('byHand' in outcome) return byHand(incident, acting, outcome.byHand);
  if ('planned' in outcome) return onPlan(incident, acting, outcome.planned, outcome.because);
  const { note, changes, effect, takeBack, unreached = [], acknowledgedBy } = outcome.done;
  if (acknowledgedBy !== undefined) {
    incident.record({ kind: 'acknowledge', by: acknowledgedBy });
    return { settled: { state: 'withdrawn', because: note, evidence: effect.text } };
  }
  noteReach(incident, acting, unreached);
  noteTicket(incident, acting, outcome.done);
  if (changes.length > 0) incident.record({ kind: 'mode', mode: 'supervised' });
  const settlement = { because: note, evidence: effect.text, changes, effect, takeBack };
  if (effect.measured === 'none') return stuck(incident, acting, { ...settlement, because: effect.text });
  return { settled: { ...settlement, state: effect.measured === 'part' ? 'part' : 'done' } };
}

type ByHand = Extract<Outcome, { byHand: object }>['byHand'];

/** A system that is not connected is no failure: its entry joins the list of what is ready to paste, where there is something to. */
function byHand(incident: Incident, acting: Acting, { system, paste, because, unreached }: ByHand): Next {
  const { title, repeats = title } = acting;
  if (unreached) noteReach(incident, acting, unreached);
  if (paste !== '') incident.record({ kind: 'by hand', step: repeats, system, paste });
  return { settled: { state: 'by hand', because: because ?? `${system} is not connected`, evidence: paste } };
}

function onPlan(incident: Incident, acting: Trying, plan: Plan, { reason, text }: { reason: string; text: string }): Next {
  if (reason === 'observe' || reason === 'dry run') {
    if (reason === 'observe') incident.record({ kind: 'mode', mode: 'observe' });
    return { settled: { state: 'would have', because: plan.summary, evidence: text, changes: plan.changes } };
  }
  const because = [text, ...(reason === 'moved' ? sinceApproved(incident, acting, plan, text) : [])].join(' ');
  if (reason === 'held')
    return wait(incident, acting, { kind: 'held', because, plan, choices: heldChoices }, { again: approvedBefore(acting) });
  incident.record({ kind: 'mode', mode: 'supervised' });
  const asking = { kind: 'plan', because, plan, choices: planChoices } as const;
  const again = { approved: plan.digest };
  if (reason !== 'not confirmed') return wait(incident, acting, asking, { again });
  // The runbook does not wait for it.
  const aside = { ...acting, blocking: false };
  return wait(incident, aside, { ...asking, because: unconfirmed(text) }, { again, unconfirmed: true });
}

/** The question of a step that waits for its symptom too. */
export const unconfirmed = (text: string) =>
  `${text} It is checked again every minute, and applied automatically once confirmed.`;

/** An approval is used at release, if it still holds then. */
const approvedBefore = ({ call: { approved } }: Trying): Partial<Call> => (approved === undefined ? {} : { approved });

/** An approval that no longer fits is refused, and what has moved is said. */
function sinceApproved(incident: Incident, { title }: Acting, plan: Plan, text: string): string[] {
  const seen = incident.state.questions.findLast(asked => asked.title === title && asked.kind === 'plan');
  const differences = seen?.plan ? moved(seen.plan, plan) : [];
  const because = differences.length > 0 ? `the plan has changed: ${differences.join('; ')}` : text;
  incident.record({ kind: 'refused', what: `approve ${title}`, by: seen?.answer?.by ?? 'no one', because });
  return differences;
}

/** Answers after which it is tried again; every other leaves the step to people. */
export const goingOn = ['approve', 'release', 'retry'];
const planChoices = ['approve', 'skip', 'done by hand'];
const heldChoices = ['release', 'skip', 'done by hand'];
const stuckChoices = ['retry', 'skip', 'done by hand'];

/** Retry keeps the key while the outcome is unknown; after a definite *nothing done* it has a new letter. */
export function onFailure(incident: Incident, acting: Trying, error: unknown): Next {
  const { message, nothingDone, remedialActions } = failureOf(error);
  const again = nothingDone ? { key: nextLetter(acting.key, acting.call.key) } : {};
  return stuck(incident, acting, { because: message, evidence: message }, { again, remedialActions });
}

/** `give back a replica, then retry`. */
export const thenRetry = ({ title }: RemedialAction) => `${title.charAt(0).toLowerCase()}${title.slice(1)}, then retry`;

export function stuck(
  incident: Incident,
  acting: Trying,
  settlement: Omit<Settlement, 'state'>,
  after: Omit<Waits, 'question'> = { again: {} },
): Next {
  const choices = [...stuckChoices, ...(after.remedialActions ?? []).map(thenRetry)];
  return wait(incident, acting, { kind: 'stuck', because: settlement.because, choices }, after, settlement);
}

/** The owner of the runbook knows what is in the way; whoever commands is there, and may answer too. */
const askedOf = ({ about }: Incident, kind: QuestionKind, approver?: Role): Pick<Question, 'owner' | 'also'> =>
  kind === 'stuck' && approver === undefined && about.owner !== undefined
    ? { owner: about.owner, also: 'commander' }
    : { owner: approver ?? 'commander' };

/** Puts the step before people, unless no one needs to answer. */
function wait(
  incident: Incident,
  { title, key, approver, second, blocking, unwanted, call }: Trying,
  asking: { kind: 'plan' | 'stuck' | 'held'; because: string; choices: string[]; plan?: Plan },
  { again, ...others }: Omit<Waits, 'question'>,
  settlement: Partial<Settlement> = {},
): Next {
  const withdrawn = unwanted?.();
  if (withdrawn !== undefined) return { settled: { ...settlement, state: 'withdrawn', because: withdrawn } };
  const question = put(incident, {
    ...asking,
    title,
    ...askedOf(incident, asking.kind, approver),
    blocking,
    second: asking.kind === 'plan' && !asking.plan?.onePerson ? second : undefined,
  });
  const waits = { question, again: { key: call.key, ...again }, ...others };
  incident.record({ kind: 'step settled', key, because: asking.because, ...settlement, state: 'waiting', waits });
  return { waits };
}

export const leftBy = ({ choice, by, reason, text }: Answer): Settlement => ({
  state: choice === 'skip' ? 'skipped' : 'by hand',
  because: [`${choice} (${by})`, reason, text].filter(Boolean).join(': '),
});
