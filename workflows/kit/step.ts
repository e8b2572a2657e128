import { ActivityFailure, ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import type { Answer, Call, FailureDetail, Outcome, Plan, Role } from '../contract/index.ts';
import { runAction } from './activities.ts';
import type { Settlement } from './events.ts';
import type { Incident } from './incident.ts';
import { moved } from './moved.ts';
import { answerTo, put } from './questions.ts';
import { isCancelled } from './scope.ts';

/** One action on its way: what it is called, and whom to ask. */
export interface Acting {
  title: string;
  key: string;
  type: string;
  input: unknown;
  approver: Role;
  /** Whether the runbook waits for it, and people are asked when it fails. */
  blocking: boolean;
  /** Said whatever the mode is: pages and words to responders. */
  freely?: boolean;
  /** Why people need not be asked about it any more; nothing while they must. */
  unwanted?: () => string | undefined;
}

type Withdrawn = { withdrawn: string };

type Next = { again: Partial<Call> } | { settled: Settlement };

/** Does an action until it is settled: done, planned and approved, or handed to a person. Never throws for what the world answers. */
export function act(incident: Incident, acting: Acting): Promise<Settlement> {
  const caller = CancellationScope.current();
  const unwanted = () => (isCancelled(caller) ? 'the incident was cancelled' : undefined);
  const settling = CancellationScope.nonCancellable(() =>
    pursue(incident, { ...acting, unwanted }, { key: acting.key }, runAction),
  );
  incident.acting += 1;
  return settling.finally(() => {
    incident.acting -= 1;
  });
}

/** Attempts in one way until it is settled. Throws only where nobody waits for it: when it fails. */
export async function pursue(incident: Incident, acting: Acting, first: Call, run: typeof runAction): Promise<Settlement> {
  let call = first;
  for (;;) {
    const next = await attempt(incident, acting, call, run);
    if ('settled' in next) {
      incident.record({ kind: 'step settled', key: acting.key, ...next.settled });
      return next.settled;
    }
    call = { ...call, approved: undefined, ...next.again };
    incident.record({ kind: 'step settled', key: acting.key, state: 'running', because: '' });
  }
}

async function attempt(incident: Incident, acting: Acting, call: Call, run: typeof runAction): Promise<Next> {
  const { title, type, input, freely, blocking } = acting;
  const dryRun = incident.state.mode === 'observe' && !freely && { dryRun: true };
  try {
    return await onOutcome(incident, acting, await run(title, type, input, { ...call, ...dryRun }));
  } catch (error) {
    if (!blocking) throw error;
    return onFailure(incident, acting, call, error);
  }
}

async function onOutcome(incident: Incident, acting: Acting, outcome: Outcome): Promise<Next> {
  if ('byHand' in outcome) return byHand(incident, acting, outcome.byHand);
  if ('planned' in outcome) return onPlan(incident, acting, outcome.planned, outcome.because);
  const { note, changes, effect, takeBack } = outcome.done;
  if (changes.length > 0) incident.record({ kind: 'mode', mode: 'supervised' });
  const settlement = { because: note, evidence: effect.text, changes, effect, ...(takeBack && { takeBack }) };
  if (effect.measured === 'none')
    return stuck(incident, acting, { ...settlement, state: 'waiting', because: `no effect: ${effect.text}` }, {});
  return { settled: { ...settlement, state: effect.measured === 'part' ? 'part' : 'done' } };
}

/** A system that is not connected is no failure: its entry joins the list of what is ready to paste. */
function byHand(incident: Incident, { title }: Acting, { system, paste }: { system: string; paste: string }): Next {
  incident.record({ kind: 'by hand', step: title, system, paste });
  return { settled: { state: 'by hand', because: `${system} is not connected`, evidence: paste } };
}

async function onPlan(
  incident: Incident,
  acting: Acting,
  plan: Plan,
  { reason, text }: { reason: string; text: string },
): Promise<Next> {
  if (reason === 'observe' || reason === 'dry run') {
    if (reason === 'observe') incident.record({ kind: 'mode', mode: 'observe' });
    return { settled: { state: 'would have', because: plan.summary, evidence: text, changes: plan.changes } };
  }
  const held = reason === 'held';
  if (!held) incident.record({ kind: 'mode', mode: 'supervised' });
  const answer = await wait(incident, acting, {
    kind: held ? 'held' : 'plan',
    plan,
    because: [text, ...(reason === 'moved' ? sinceApproved(incident, acting, plan) : [])].join(' '),
    choices: held ? heldChoices : planChoices,
  });
  if ('choice' in answer && answer.choice === 'approve') return { again: { approved: plan.digest } };
  if ('choice' in answer && answer.choice === 'release') return { again: {} };
  return { settled: leftBy(answer) };
}

/** An approval that no longer fits is refused, and what has moved is said. */
function sinceApproved(incident: Incident, { title }: Acting, plan: Plan): string[] {
  const seen = incident.state.questions.findLast(asked => asked.title === title && asked.plan !== undefined);
  const differences = seen?.plan ? moved(seen.plan, plan) : [];
  const because = `the plan has changed: ${differences.join('; ') || plan.summary}`;
  incident.record({ kind: 'refused', what: `approve ${title}`, by: seen?.answer?.by ?? 'nobody', because });
  return differences;
}

const planChoices = ['approve', 'skip', 'done by hand'];
const heldChoices = ['release', 'skip', 'done by hand'];
const stuckChoices = ['retry', 'skip', 'done by hand'];

function onFailure(incident: Incident, acting: Acting, call: Call, error: unknown): Promise<Next> {
  const { message, nothingDone } = failureOf(error);
  const again = nothingDone ? { key: nextLetter(acting.key, call.key) } : {};
  return stuck(incident, acting, { state: 'waiting', because: message, evidence: message }, again);
}

/** Retry keeps the key while the outcome is unknown; after a definite *nothing done* it has a new letter. */
async function stuck(incident: Incident, acting: Acting, settlement: Settlement, again: Partial<Call>): Promise<Next> {
  const answer = await wait(incident, acting, { kind: 'stuck', because: settlement.because, choices: stuckChoices }, settlement);
  return 'choice' in answer && answer.choice === 'retry' ? { again } : { settled: { ...settlement, ...leftBy(answer) } };
}

/** The answer of a person, or why nobody needs to answer. */
async function wait(
  incident: Incident,
  { title, key, approver, blocking, unwanted }: Acting,
  asking: { kind: 'plan' | 'stuck' | 'held'; because: string; choices: string[]; plan?: Plan },
  settlement?: Settlement,
): Promise<Answer | Withdrawn> {
  const withdrawn = unwanted?.();
  if (withdrawn !== undefined) return { withdrawn };
  incident.record({ kind: 'step settled', key, because: asking.because, ...settlement, state: 'waiting' });
  return answerTo(incident, put(incident, { ...asking, title, owner: approver, blocking }));
}

function leftBy(answer: Answer | Withdrawn): Settlement {
  if ('withdrawn' in answer) return { state: 'withdrawn', because: answer.withdrawn };
  const { choice, by, reason, text } = answer;
  return {
    state: choice === 'skip' ? 'skipped' : 'by hand',
    because: [`${choice} (${by})`, reason, text].filter(Boolean).join(': '),
  };
}

/** `key`, then `keyb`, `keyc`, …: another try of which the outside system knows nothing. */
function nextLetter(key: string, last: string): string {
  const letter = last.slice(key.length) || 'a';
  return key + String.fromCharCode(letter.charCodeAt(0) + 1);
}

/** What an activity's failure says to people, and whether it definitely did nothing. */
export function failureOf(error: unknown): { message: string; nothingDone: boolean } {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const detail = cause instanceof ApplicationFailure ? (cause.details?.[0] as FailureDetail | undefined) : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { message, nothingDone: detail?.nothingDone === true };
}
