import { CancellationScope } from '@temporalio/workflow';
import type { Call, RemedialAction, Role, StepReport } from '../../contract/index.ts';
import type { Acting } from './acting.ts';
import { runAction, type Steps } from './activities.ts';
import { hasResolved, isWithdrawing } from '../record/alerts.ts';
import { after, type Duration, span } from '../record/duration.ts';
import type { Settlement, StepBegun } from '../record/events.ts';
import type { Incident } from '../incident/incident.ts';
import { withList } from '../record/lists.ts';
import { answerTo } from '../incident/questions.ts';
import { isCancelled } from '../incident/scope.ts';
import { judgedAgain } from './unconfirmed.ts';
import { goingOn, leftBy, type Next, onFailure, onOutcome, stuck, thenRetry, type Waits } from './outcome.ts';

export interface StepOptions {
  /** The role that approves the action, and is asked when it is stuck or held: without one the commander, or of a stuck one the owner of the runbook. */
  approver?: Role;
  /** Four eyes: who else must approve, as a different person. */
  second?: Role;
  /** From when it is done, at the pace of the platform, or at that time, it is taken back by itself, whatever became of the incident. */
  until?: Duration | Date;
}
export type StepWord = (title: string, options?: StepOptions) => Steps;

/** Does an action until it is settled: done, planned and approved, or handed to a person. Never throws for what the world answers. */
export function act(incident: Incident, acting: Acting): Promise<Settlement> {
  const caller = CancellationScope.current();
  const unwanted = () => {
    if (isCancelled(caller) && !incident.restarting) return 'the incident was cancelled';
    return isWithdrawing(incident.state) ? hasResolved : undefined;
  };
  const settling = incident.nonCancellable.run(() =>
    settle(incident, { ...acting, unwanted: acting.unwanted ?? unwanted }, { key: acting.key }, trackedRun(incident)),
  );
  incident.acting += 1;
  return settling.finally(() => {
    incident.acting -= 1;
  });
}

/** A step that is no word of the body. One that began before its incident rolled over goes on, or has ended. */
export async function actOnce(incident: Incident, acting: Acting, of: Omit<StepBegun, 'key' | 'title'>): Promise<Settlement> {
  const { key, title } = acting;
  if (!incident.step(key)) incident.record({ kind: 'step began', key, title, ...of });
  const recorded = incident.step(key);
  return recorded?.ended ? recorded : act(incident, acting);
}

/** Runs an action that something waits for. */
export const trackedRun =
  (incident: Incident): typeof runAction =>
  (...action) =>
    incident.tracked(() => runAction(...action));

/** Attempts in one way until it is settled. Throws only where no one waits for it: when it fails. */
export async function settle(incident: Incident, acting: Acting, first: Call, run: typeof runAction): Promise<Settlement> {
  let call = first;
  for (;;) {
    const waits = incident.step(acting.key)?.waits;
    if (waits?.unconfirmed && acting.leave) return left(incident, acting, acting.leave, call, run);
    const next = waits ? await goOn(incident, acting, waits, run) : await attempt(incident, acting, call, run);
    if ('waits' in next) continue;
    if ('settled' in next) {
      incident.record({ kind: 'step settled', key: acting.key, ...next.settled });
      return next.settled;
    }
    call = { ...call, approved: undefined, ...next.again };
    incident.record({ kind: 'step settled', key: acting.key, ...(acting.meanwhile ?? { state: 'running', because: '' }) });
  }
}

/** The runbook does not wait for a step whose symptom is not confirmed. */
function left(
  incident: Incident,
  acting: Acting,
  leave: NonNullable<Acting['leave']>,
  call: Call,
  run: typeof runAction,
): Settlement {
  incident.acting += 1;
  const settling = settle(incident, { ...acting, leave: undefined }, call, run);
  leave(
    settling.finally(() => {
      incident.acting -= 1;
    }),
  );
  return { state: 'waiting', because: 'its symptom is not confirmed' };
}

/** People end the wait of a step; or what it is meant to fix is measured after all. */
const goOn = (incident: Incident, acting: Acting, waits: Waits, run: typeof runAction): Promise<Next> =>
  waits.unconfirmed ? judgedOrAnswered(incident, acting, waits, run) : answered(incident, acting, waits);

async function judgedOrAnswered(incident: Incident, acting: Acting, waits: Waits, run: typeof runAction): Promise<Next> {
  const judge = (call: Call) => once(incident, acting, acting.input, call, run);
  const judged = await judgedAgain(incident, acting, waits, judge);
  // Judged again it may have come to another plan.
  return judged ?? answered(incident, acting, incident.step(acting.key)?.waits ?? waits);
}

/** The decision about a step that waits for people; a step that waited when its incident rolled over waits on. */
async function answered(incident: Incident, acting: Acting, waits: Waits): Promise<Next> {
  const { question, again, remedialActions = [] } = waits;
  const answer = await answerTo(incident, question);
  if ('withdrawn' in answer) return { settled: { state: withdrawnAs(incident, question, answer), because: answer.withdrawn } };
  const first = remedialActions.find(action => thenRetry(action) === answer.choice);
  if (first) return retryAfter(incident, acting, first, waits);
  return goingOn.includes(answer.choice) ? { again } : { settled: leftBy(answer) };
}

/** States of a remedial action after which the stuck step is tried again; after others people are asked again. */
const removed: StepReport['state'][] = ['done', 'part', 'by hand'];

/** The key of the remedial action has the question in it: each that is answered so is a step of its own. */
async function retryAfter(incident: Incident, acting: Acting, first: RemedialAction, waits: Waits): Promise<Next> {
  const { title, type, input } = first;
  const { question, again, remedialActions } = waits;
  const key = `${acting.key}/${title}/${question}`;
  const named = `${title}: ${acting.title}`;
  const { phase = '', evidence } = incident.step(acting.key) ?? {};
  const remedial = { ...acting, title: named, key, type, input, second: undefined, until: undefined };
  const { state, because } = await actOnce(incident, remedial, { phase, action: { type, input }, clears: acting.key });
  if (removed.includes(state)) return { again };
  const settlement = { because: [`${title}: ${because}.`, evidence].filter(Boolean).join(' ') };
  return stuck(incident, { ...acting, call: { key: acting.key } }, settlement, { again, remedialActions });
}

/** At the alert's end a stuck step is skipped. */
const withdrawnAs = ({ state }: Incident, id: string, { withdrawn }: { withdrawn: string }) =>
  withdrawn === hasResolved && state.questions.some(asked => asked.id === id && asked.kind === 'stuck') ? 'skipped' : 'withdrawn';

async function attempt(incident: Incident, acting: Acting, call: Call, run: typeof runAction): Promise<Next> {
  const trying = { ...acting, call };
  const listed = withList(incident.state, acting.input);
  if ('missing' in listed) return stuck(incident, trying, { because: listed.missing, evidence: listed.missing });
  try {
    return onOutcome(incident, trying, await once(incident, acting, listed.input, call, run));
  } catch (error) {
    if (!acting.blocking) throw error;
    return onFailure(incident, trying, error);
  }
}

function once(incident: Incident, acting: Acting, input: unknown, call: Call, run: typeof runAction) {
  const { title, type, freely, about } = acting;
  const dryRun = incident.state.mode === 'observe' && !freely ? true : undefined;
  return run(title, type, input, { ...call, about: about?.(), dryRun, until: untilOf(incident, acting) });
}

/** Counted from each try: an approval may take longer than what is approved. */
const untilOf = ({ now, paced }: Incident, { until }: Acting) =>
  until && (until instanceof Date ? until.toISOString() : after(now(), paced(span(until))));
