/** When the alert's end counts, and what it withdraws. Pure. */

import type { Alert, Question } from '../../contract/index.ts';
import { mostKept } from './bounds.ts';
import { isLate, isSymptom, withDelivery, withUnderWay } from './counted-alerts.ts';
import { withFresh } from './escalation.ts';
import type { Timed } from './events.ts';
import { isTheNext, withNext } from './next.ts';
import { type AlertEnd, isOpen, type ReplayCounters, type State } from './state.ts';

/** Milliseconds that an end must hold, and until it is looked at again when our own check disagrees; paced. */
export const holdDown = 5 * 60_000;

/** Title of what people may answer to the alert's end. */
export const endTitle = 'The alert has resolved';
export const keepGoing = 'keep going';
export const hasResolved = 'the alert has resolved';

export const inRecovery = ({ replay: { recoveriesBegan, recoveriesEnded } }: State) => recoveriesBegan > recoveriesEnded;

/** Deliveries may come twice and in any order; of one alert the latest occurrence counts, and a repeat only changes a number. */
export function withAlert(state: State, { alert, holds, explained, at }: Extract<Timed, { kind: 'alert' }>): State {
  const delivered = { ...alert, explained };
  const underWay = withUnderWay(state, delivered, at);
  if (underWay) return { ...state, ...underWay, absorbed: state.absorbed + 1 };
  const known = withDelivery(state, delivered, at);
  if (!known) return { ...state, absorbed: state.absorbed + 1 };
  const fires = alert.status === 'firing' && explained === undefined;
  if (isTheNext(state, alert, fires)) return withNext(state, alert);
  const next = withFiring({ ...state, ...known }, alert, fires, at);
  if (known.counted.some(isSymptom)) return { ...withoutEndAsked(next, firesAgain), end: undefined };
  if (holds === undefined) return next;
  const end = { holdsUntil: holds, held: false, counts: false };
  if (fires) return { ...withoutEndAsked(next, firesAgain), end };
  return state.end || alert.status === 'firing' ? next : { ...next, end };
}

function withFiring(state: State, { source, startsAt }: Alert, fires: boolean, at: string): State {
  if (!fires) return state;
  const next = { ...state, firings: state.firings + 1 };
  return source === 'person' || !isLate(startsAt, at) ? withFresh(next, at) : next;
}

const firesAgain = 'the alert fires again';

/** True if the alert's resolution would still change the course: before Recovery, and while no one has cancelled. */
export const mayEnd = (state: State): state is State & { end: AlertEnd } =>
  state.end !== undefined && !state.end.counts && !isPast(state);

/** True if our own check decides once the alert stays resolved: the course may change, or not every alert is counted. */
export const isOurs = (state: State): state is State & { end: AlertEnd } =>
  mayEnd(state) || (state.end?.counts === false && state.uncounted > 0);

/** True if further actions are withdrawn. */
export const isWithdrawing = (state: State) => state.end?.counts === true && !isPast(state) && !keepsGoing(state);

const isPast = (state: State) => inRecovery(state) || state.replay.bodyEnded || state.cancelled !== undefined;

const keepsGoing = ({ questions }: State) => questions.findLast(isAboutTheEnd)?.answer !== undefined;
const isAboutTheEnd = ({ title, blocking }: Question) => title === endTitle && !blocking;

/** Kinds that the alert's end leaves to people. */
export const theirs: Question['kind'][] = ['handover', 'cancelled'];

/** The end counts: no one needs to answer what was asked to fix it. */
export const withEnd = (state: State): State => ({
  ...withdrawn(state, question => !theirs.includes(question.kind), hasResolved),
  end: state.end && { ...state.end, counts: true },
  uncounted: 0,
});

/** Our own check was healthy for five minutes: alerts that are not counted each no longer count as firing. */
export const withoutUncounted = (state: State): State => ({
  ...state,
  uncounted: 0,
  end: state.end && { ...state.end, held: true },
});

/** Keep going is no longer a choice. */
export const withoutEndAsked = (state: State, because: string) => withdrawn(state, isAboutTheEnd, because);

function withdrawn(state: State, which: (question: Question) => boolean, because: string): State {
  const titles = state.questions.filter(question => isOpen(question) && which(question)).map(({ title }) => title);
  if (titles.length === 0) return state;
  return {
    ...state,
    questions: state.questions.map(asked => (isOpen(asked) && which(asked) ? { ...asked, withdrawn: because } : asked)),
    withdrawn: [...state.withdrawn, ...titles.map(title => `${title}: ${because}`)].slice(-mostKept),
  };
}

export const recovering = (replay: ReplayCounters): ReplayCounters => ({
  ...replay,
  recoveriesBegan: replay.recoveriesBegan + 1,
});

/** The last remedy begins again, and so does what follows it. */
export function reopened(replay: ReplayCounters, tail: Record<string, number> = {}): ReplayCounters {
  const passed = { ...replay.passed };
  for (const [word, times] of Object.entries(tail)) passed[word] = (passed[word] ?? 0) + times;
  return { ...replay, bodyEnded: false, reopened: [...replay.reopened, replay.remediesEnded], passed };
}

/** Without measured recovery the incident is not over, even if the alert resolved: the resolution must hold and be checked again. */
export function withRecoveryEnded(state: State, { verdict, until }: Extract<Timed, { kind: 'recovery ended' }>): State {
  const replay = { ...state.replay, recoveriesEnded: state.replay.recoveriesEnded + 1 };
  if (!state.end || verdict === 'healthy') return { ...state, replay };
  return { ...state, replay, end: { holdsUntil: until, held: false, counts: false } };
}
