import { CancellationScope } from '@temporalio/workflow';
import type { Answer, Call, Clearing, Outcome, Plan, StepReport } from '../contract/index.ts';
import { type Acting, failureOf, nextLetter, type Trying } from './acting.ts';
import { runAction } from './activities.ts';
import { hasResolved, isWithdrawing } from './alert-end.ts';
import { choiceOf, cleared, keyOf } from './clearing.ts';
import { after, span } from './duration.ts';
import type { Settlement } from './events.ts';
import type { Incident } from './incident.ts';
import { withList } from './lists.ts';
import { moved } from './moved.ts';
import { answerTo, put } from './questions.ts';
import { isCancelled } from './scope.ts';

type Next = { again: Partial<Call> } | { settled: Settlement } | { waits: Waits };
type Waits = NonNullable<StepReport['waits']>;

/** Does an action until it is settled: done, planned and approved, or handed to a person. Never throws for what the world answers. */
export function act(incident: Incident, acting: Acting): Promise<Settlement> {
  const caller = CancellationScope.current();
  const unwanted = () => {
    if (isCancelled(caller) && !incident.goesAgain) return 'the incident was cancelled';
    return isWithdrawing(incident.state) ? hasResolved : undefined;
  };
  const settling = incident.sheltered.run(() => pursue(incident, { ...acting, unwanted }, { key: acting.key }, flown(incident)));
  incident.acting += 1;
  return settling.finally(() => {
    incident.acting -= 1;
  });
}

/** Runs an action that something waits for. */
export const flown =
  (incident: Incident): typeof runAction =>
  (...action) =>
    incident.flying(() => runAction(...action));

/** Attempts in one way until it is settled. Throws only where nobody waits for it: when it fails. */
export async function pursue(incident: Incident, acting: Acting, first: Call, run: typeof runAction): Promise<Settlement> {
  let call = first;
  for (;;) {
    const waits = incident.step(acting.key)?.waits;
    const next = waits ? await answered(incident, acting, waits) : await attempt(incident, acting, call, run);
    if ('waits' in next) continue;
    if ('settled' in next) {
      incident.record({ kind: 'step settled', key: acting.key, ...next.settled });
      return next.settled;
    }
    call = { ...call, approved: undefined, ...next.again };
    incident.record({ kind: 'step settled', key: acting.key, state: 'running', because: '' });
  }
}

/** What people say of a step that waits for them; a step that waited when its incident rolled over waits on. */
async function answered(incident: Incident, acting: Acting, { question, again, clearing }: Waits): Promise<Next> {
  const answer = await answerTo(incident, question);
  if ('withdrawn' in answer) return { settled: { state: withdrawnAs(incident, question, answer), because: answer.withdrawn } };
  if (clearing && answer.choice === choiceOf(clearing)) return clear(incident, acting, clearing, { question, again });
  return goingOn.includes(answer.choice) ? { again } : { settled: leftBy(answer) };
}

/** The stuck step is tried again once its way is clear; else people are asked again. */
async function clear(incident: Incident, acting: Acting, clearing: Clearing, { question, again }: Waits): Promise<Next> {
  const { state, because } = await clearingStep(incident, acting, clearing, question);
  if (cleared.includes(state)) return { again };
  const stuckSince = incident.step(acting.key)?.evidence;
  const settlement = { because: [`${clearing.title}: ${because}.`, stuckSince].filter(Boolean).join(' ') };
  return stuck(incident, { ...acting, call: { key: acting.key } }, settlement, again, clearing);
}

/** As every action: planned, asked, done or handed to people; one that was begun before its incident rolled over goes on. */
async function clearingStep(incident: Incident, stuck: Acting, clearing: Clearing, question: string): Promise<Settlement> {
  const { title, type, input } = clearing;
  const key = keyOf(clearing, stuck.key, question);
  const named = `${title}: ${stuck.title}`;
  const phase = incident.step(stuck.key)?.phase ?? '';
  if (!incident.step(key)) incident.record({ kind: 'step began', key, title: named, phase, action: { type, input } });
  const recorded = incident.step(key);
  if (recorded?.ended) return recorded;
  const { approver, unwanted } = stuck;
  const acting = { title: named, key, type, input, approver, blocking: true, ...(unwanted && { unwanted }) };
  return pursue(incident, acting, { key }, flown(incident));
}

/** At the alert's end a stuck step is skipped. */
const withdrawnAs = ({ state }: Incident, id: string, { withdrawn }: { withdrawn: string }) =>
  withdrawn === hasResolved && state.questions.some(asked => asked.id === id && asked.kind === 'stuck') ? 'skipped' : 'withdrawn';

async function attempt(incident: Incident, acting: Acting, call: Call, run: typeof runAction): Promise<Next> {
  const { title, type, freely, blocking } = acting;
  const trying = { ...acting, call };
  const listed = withList(incident.state, acting.input);
  if ('missing' in listed) return stuck(incident, trying, { because: listed.missing, evidence: listed.missing }, {});
  const dryRun = incident.state.mode === 'observe' && !freely && { dryRun: true };
  try {
    return onOutcome(
      incident,
      trying,
      await run(title, type, listed.input, { ...call, ...dryRun, ...untilOf(incident, acting) }),
    );
  } catch (error) {
    if (!blocking) throw error;
    return onFailure(incident, trying, error);
  }
}

/** Counted from each try: an approval may take longer than what is approved. */
const untilOf = ({ now, paced }: Incident, { until }: Acting) =>
  until && { until: until instanceof Date ? until.toISOString() : after(now(), paced(span(until))) };

function onOutcome(incident: Incident, acting: Trying, outcome: Outcome): Next {
  if ('byHand' in outcome) return byHand(incident, acting, outcome.byHand);
  if ('planned' in outcome) return onPlan(incident, acting, outcome.planned, outcome.because);
  const { note, changes, effect, takeBack } = outcome.done;
  if (changes.length > 0) incident.record({ kind: 'mode', mode: 'supervised' });
  const settlement = { because: note, evidence: effect.text, changes, effect, ...(takeBack && { takeBack }) };
  if (effect.measured === 'none') return stuck(incident, acting, { ...settlement, because: effect.text }, {});
  return { settled: { ...settlement, state: effect.measured === 'part' ? 'part' : 'done' } };
}

type ByHand = Extract<Outcome, { byHand: object }>['byHand'];

/** A system that is not connected is no failure: its entry joins the list of what is ready to paste. */
function byHand(incident: Incident, { title }: Acting, { system, paste, because }: ByHand): Next {
  incident.record({ kind: 'by hand', step: title, system, paste });
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
const goingOn = ['approve', 'release', 'retry'];
const planChoices = ['approve', 'skip', 'done by hand'];
const heldChoices = ['release', 'skip', 'done by hand'];
const stuckChoices = ['retry', 'skip', 'done by hand'];

/** Retry keeps the key while the outcome is unknown; after a definite *nothing done* it has a new letter. */
function onFailure(incident: Incident, acting: Trying, error: unknown): Next {
  const { message, nothingDone, clearing } = failureOf(error);
  const again = nothingDone ? { key: nextLetter(acting.key, acting.call.key) } : {};
  return stuck(incident, acting, { because: message, evidence: message }, again, clearing);
}

function stuck(
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

const leftBy = ({ choice, by, reason, text }: Answer): Settlement => ({
  state: choice === 'skip' ? 'skipped' : 'by hand',
  because: [`${choice} (${by})`, reason, text].filter(Boolean).join(': '),
});
