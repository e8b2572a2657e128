/** When the alert's end counts, and what it withdraws. Pure. */

import { type Alert, deliveryKey, type Question } from '../../contract/index.ts';
import type { Timed } from './events.ts';
import { type AlertEnd, isOpen, type ReplayCounters, type State, stillFiring } from './state.ts';

/** Milliseconds that an end must hold, and until it is looked at again when our own check disagrees; paced. */
export const holdDown = 5 * 60_000;

/** Title of what people may answer to the alert's end. */
export const endTitle = 'The alert has resolved';
export const keepGoing = 'keep going';
export const hasResolved = 'the alert has resolved';

export const inRecovery = ({ replay: { recoveriesBegan, recoveriesEnded } }: State) => recoveriesBegan > recoveriesEnded;

/**
 * One of two senders may have begun later: an end after the beginning that we know ends it, whenever it is said to have begun.
 * A beginning may come after its own end.
 */
const isEarlier = ({ status, startsAt, endsAt }: Alert, known: Alert) =>
  Date.parse(status === 'resolved' ? (endsAt ?? startsAt) : startsAt) < Date.parse(known.startsAt) ||
  (status === 'firing' && known.status === 'resolved' && startsAt === known.startsAt);

/** Deliveries may come twice and in any order; of one alert the latest occurrence counts. */
export function withAlert(state: State, { alert, holds, explained }: Extract<Timed, { kind: 'alert' }>): State {
  const key = deliveryKey(alert);
  const known = state.alerts.find(({ fingerprint }) => fingerprint === alert.fingerprint);
  if (state.deliveries.includes(key)) return { ...state, absorbed: state.absorbed + 1 };
  const deliveries = [...state.deliveries, key];
  if (known && isEarlier(alert, known)) return { ...state, deliveries, absorbed: state.absorbed + 1 };
  const others = state.alerts.filter(one => one !== known);
  const isSymptom = alert.status === 'firing' && explained === undefined;
  const alerts = [...others, { ...alert, ...(explained && { explained }) }];
  const next = { ...state, alerts, deliveries, firings: state.firings + (isSymptom ? 1 : 0) };
  if (stillFiring(next)) return { ...withoutEndAsked(next, 'the alert fires again'), end: undefined };
  return state.end || holds === undefined ? next : { ...next, end: { holdsUntil: holds, held: false, counts: false } };
}

/** Whether the end of the alert would still change what happens: before Recovery, and while nobody has cancelled. */
export const mayEnd = (state: State): state is State & { end: AlertEnd } =>
  state.end !== undefined && !state.end.counts && !isPast(state);

/** Whether further actions are withdrawn. */
export const isWithdrawing = (state: State) => state.end?.counts === true && !isPast(state) && !keepsGoing(state);

const isPast = (state: State) => inRecovery(state) || state.replay.bodyEnded || state.cancelled !== undefined;

const keepsGoing = ({ questions }: State) => questions.findLast(isAboutTheEnd)?.answer !== undefined;
const isAboutTheEnd = ({ title, blocking }: Question) => title === endTitle && !blocking;

/** Kinds that the alert's end leaves to people. */
export const theirs: Question['kind'][] = ['handover', 'cancelled'];

/** The end counts: nobody needs to answer what was asked to mend it. */
export const withEnd = (state: State): State => ({
  ...withdrawn(state, question => !theirs.includes(question.kind), hasResolved),
  ...(state.end && { end: { ...state.end, counts: true } }),
});

/** Keep going is no longer a choice. */
export const withoutEndAsked = (state: State, because: string) => withdrawn(state, isAboutTheEnd, because);

function withdrawn(state: State, which: (question: Question) => boolean, because: string): State {
  const titles = state.questions.filter(question => isOpen(question) && which(question)).map(({ title }) => title);
  if (titles.length === 0) return state;
  return {
    ...state,
    questions: state.questions.map(asked => (isOpen(asked) && which(asked) ? { ...asked, withdrawn: because } : asked)),
    withdrawn: [...state.withdrawn, ...titles.map(title => `${title}: ${because}`)],
  };
}

export const recovering = (replay: ReplayCounters): ReplayCounters => ({
  ...replay,
  recoveriesBegan: replay.recoveriesBegan + 1,
});

/** The last remedy begins anew, and so does what follows it. */
export function reopened(replay: ReplayCounters, tail: Record<string, number> = {}): ReplayCounters {
  const passed = { ...replay.passed };
  for (const [word, times] of Object.entries(tail)) passed[word] = (passed[word] ?? 0) + times;
  return { ...replay, bodyEnded: false, reopened: [...replay.reopened, replay.remediesEnded], passed };
}

/** What was not found recovered is not over, whatever the alert says: its end must hold and be looked at anew. */
export function withRecoveryEnded(state: State, { verdict, until }: Extract<Timed, { kind: 'recovery ended' }>): State {
  const replay = { ...state.replay, recoveriesEnded: state.replay.recoveriesEnded + 1 };
  if (!state.end || verdict === 'healthy') return { ...state, replay };
  return { ...state, replay, end: { holdsUntil: until, held: false, counts: false } };
}
