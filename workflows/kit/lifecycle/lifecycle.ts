import { allHandlersFinished, CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Report } from '../../contract/index.ts';
import { failureOf } from '../words/acting.ts';
import { saveReport } from '../words/activities.ts';
import type { Incident, Resumed } from '../incident/incident.ts';
import { Outbox } from '../words/outbox.ts';
import { runNotifications } from '../words/notifications.ts';
import { answerTo, askPeople, put, withdraw } from '../incident/questions.ts';
import { ignoreCancellation } from '../incident/scope.ts';
import { stillDelivered } from '../record/counted-alerts.ts';
import { openQuestions, reportOf, type State } from '../record/state.ts';
import { recordedChanges, restoreOrders } from '../record/standing.ts';
import { correctThePage, noteStanding, standingChanges } from './standing.ts';
import { takeBackAll } from '../words/take-back.ts';
import { runTimer } from '../incident/timer.ts';
import { IncidentWords } from '../words/words.ts';

/** The differences between the lifecycles of runbooks and of take-backs. */
export interface Lifecycle {
  body: (speaker: IncidentWords) => Promise<unknown>;
  /** Ends it; its words are the outcome. */
  closing: (speaker: IncidentWords) => Promise<string>;
  /** Goes on beside the body, for as long as the workflow runs. */
  beside?: () => Promise<never>;
  /** Tells responders of the end. */
  tell?: (speaker: IncidentWords, outcome: string) => Promise<unknown>;
  /** Hands on what came after its end. */
  handOn?: () => Promise<void>;
  /** Goes on in a new run, with what this one hands on. */
  rollOver?: (resumed: Resumed) => Promise<never>;
}

/** The lifecycle of every incident: its body, its closing, its cancellation, its record. No runbook can forget any of it. */
export function runLifecycle(incident: Incident, lifecycle: Lifecycle): Promise<Report> {
  const asked = CancellationScope.current().cancelRequested;
  return incident.nonCancellable.run(async () => {
    void runTimer(incident);
    void lifecycle.beside?.();
    void asked.catch(() => incident.record({ kind: 'cancel', by: 'someone in Temporal', reason: 'the workflow was cancelled' }));
    const outbox = new Outbox(incident);
    void runNotifications(incident, outbox);
    const ended = toTheEnd(incident, lifecycle, outbox);
    if (lifecycle.rollOver) await Promise.race([ended, untilRollOverIsDue(incident)]);
    if (incident.state.state === 'closed' || !lifecycle.rollOver) return ended;
    await condition(allHandlersFinished);
    return lifecycle.rollOver(incident.carryOver());
  });
}

async function toTheEnd(incident: Incident, lifecycle: Lifecycle, outbox: Outbox): Promise<Report> {
  const speaker = new IncidentWords(incident, outbox);
  const outcome = await run(incident, speaker, lifecycle);
  await lifecycle.tell?.(speaker, outcome);
  await speaker.settle();
  incident.record({ kind: 'closed', outcome });
  await saveReport(reportOf(incident.state)).catch(() => undefined);
  await condition(allHandlersFinished);
  // Last, and nothing is awaited after it: the server refuses an end before which something came.
  await lifecycle.handOn?.();
  return reportOf(incident.state);
}

/** The server says when a history is long enough, or the body is to run again; then at the next moment at which nothing is in flight. */
async function untilRollOverIsDue(incident: Incident): Promise<void> {
  const isWanted = () => incident.restarting || workflowInfo().continueAsNewSuggested;
  const isDue = () => isWanted() && incident.isQuiet() && incident.state.state !== 'closed';
  for (;;) {
    await condition(isDue);
    const { state } = incident;
    await othersGoOn();
    if (isDue() && incident.state === state) return;
  }
}

/** Code that the same task has woken begins its next step, if it has one: a condition is asked again only when nothing else runs. */
async function othersGoOn(): Promise<void> {
  let asked = 0;
  await condition(() => asked++ > 0);
}

async function run(incident: Incident, speaker: IncidentWords, { body, closing, rollOver }: Lifecycle): Promise<string> {
  if (incident.state.cancelled) return afterCancellation(incident, incident.state.cancelled);
  const scope = new CancellationScope();
  const running = scope.run(async () => {
    if (!incident.state.replay.threw || (await mayRunOn(incident)))
      await runBody(incident, () => body(speaker), rollOver !== undefined);
    const outcome = await closing(speaker);
    // Before the end is settled, so that people may still cancel meanwhile.
    if (outcome !== 'recovered') {
      await correctThePage(incident);
      await noteStanding(incident, 'closed');
    }
    return outcome;
  });
  await Promise.race([running.catch(ignoreCancellation), incident.until(() => incident.state.cancelled !== undefined)]);
  if (incident.state.cancelled === undefined) return running;
  scope.cancel();
  withdrawQuestions(incident);
  await condition(() => incident.acting === 0);
  endPhases(incident);
  return afterCancellation(incident, incident.state.cancelled);
}

const runOn = 'resume after a fix';

/** A body that throws ends nothing: it is handed to people, and the incident stays open. */
async function runBody(incident: Incident, body: () => Promise<unknown>, canRunOn: boolean): Promise<void> {
  const scope = new CancellationScope();
  try {
    await scope.run(body);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const because = failureOf(error).message;
    const choices = [...(canRunOn ? [runOn] : []), 'finish by hand'];
    put(incident, { kind: 'handover', title: 'Runbook error', choices, owner: 'commander', because });
    incident.record({ kind: 'body threw' });
    if (!canRunOn) return void (await mayRunOn(incident));
    // In a run of its own people are waited for before the body is run: a fix changes no history.
    const next = incident.again();
    scope.cancel();
    await next;
  }
}

/** The decision about a body that threw; *finish by hand* is final. */
async function mayRunOn(incident: Incident): Promise<boolean> {
  const asked = incident.state.questions.findLast(({ kind }) => kind === 'handover');
  const answer = asked && (await answerTo(incident, asked.id));
  if (!answer || !('choice' in answer) || answer.choice !== runOn) return false;
  incident.record({ kind: 'body runs on' });
  return true;
}

/** People choose what becomes of the changes. The alert is absorbed until it ends. */
async function afterCancellation(
  incident: Incident,
  { by, reason, falseAlarm }: NonNullable<State['cancelled']>,
): Promise<string> {
  const answer = (await isToBeDecided(incident)) ? await askUndoOrLeave(incident, by) : undefined;
  const undoAsOrdered = async () => {
    if (answer?.choice !== 'undo') return;
    await takeBackAll(incident, restoreOrders(incident.state) + 1);
    await correctThePage(incident);
  };
  await undoAsOrdered();
  incident.record({ kind: 'resolved' });
  await condition(() => !stillDelivered(incident.state));
  // A text that was under way when people cancelled may have been published since.
  await undoAsOrdered();
  await noteStanding(incident, 'cancelled');
  const as = falseAlarm ? ' as a false alarm' : '';
  return `cancelled by ${by}${as}${reason ? ` (${reason})` : ''}${answer ? `: ${answer.choice}` : ''}`;
}

/** Changes are recorded that the incident itself has not undone; what people were asked before it rolled over stays asked. */
async function isToBeDecided(incident: Incident): Promise<boolean> {
  const { state } = incident;
  if (state.questions.some(({ kind }) => kind === 'cancelled')) return true;
  if (state.state === 'resolved') return false;
  await standingChanges(incident);
  return recordedChanges(incident.state).length > 0;
}

const askUndoOrLeave = (incident: Incident, by: string) =>
  askPeople(incident, {
    kind: 'cancelled',
    title: 'Undo or leave?',
    choices: ['undo', 'leave'],
    owner: 'commander',
    because: `cancelled by ${by}; all changes stay until this is answered`,
  });

function withdrawQuestions(incident: Incident) {
  for (const { id } of openQuestions(incident.state)) withdraw(incident, id, 'the incident was cancelled');
}

/** Nothing of a cancelled body returns, so nothing of it ends by itself. */
function endPhases(incident: Incident) {
  for (const { title } of incident.state.phases.filter(({ ended }) => ended === undefined))
    incident.record({ kind: 'phase ended', title });
}
