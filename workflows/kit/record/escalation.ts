import { type Rung, urgencies } from '../../catalog/index.ts';
import { mostPages } from './bounds.ts';
import type { Due } from './events.ts';
import { after } from './duration.ts';
import { isOpen, type Page, type Paging, type State } from './state.ts';

/** Overdue clocks escalate no sooner than so many milliseconds after the last page: after our own downtime all are due at once. */
const apart = 60_000;
const minute = 60_000;

/** The escalation begins with the first page that went out, or should have. */
export const withFirstPage = (state: State, at: string): State =>
  state.paging.ladder || state.paging.unseen ? state : withLadder(state, { from: at, last: at, rung: 0 });

/** Tells the first level of an alert whose symptom is still not confirmed: once, and the escalation does not begin. */
export function withUnseen(state: State): State {
  const roles = urgencies[state.severity].ladder[0]?.roles ?? [];
  const paging = { ...state.paging, unseen: true } as const;
  return withPage(
    { ...state, paging },
    { roles, because: 'symptom not confirmed, but the alert still fires: please check when you can' },
  );
}

/** It shows, or someone begins. */
export const withSeen = ({ paging: { unseen: _, ...paging }, ...state }: State): State => ({ ...state, paging });

/** Our own check confirms the claim of an old alert, or a person does: it escalates like any other, from our first page on. */
export const withConfirmed = (state: State): State => ({ ...state, paging: { ...state.paging, late: false } });

/** A fresh alert, or a person, joins an incident of an old alert: those who heard of the old one are paged now, and the escalation counts from that. */
export function withFresh(state: State, at: string): State {
  if (!state.paging.late) return state;
  const next = withConfirmed(state);
  return next.paging.ladder ? withGraverLadder(next, 'a fresh alert joins an old one', at) : next;
}

/** The next deadline of the escalation: one level. */
export function dueRung(state: State): Due[] {
  const { ladder } = state.paging;
  if (!ladder || !climbs(state)) return [];
  const { ladder: rungs, silence } = urgencies[state.severity];
  const { from, last, rung } = ladder;
  const [here, next] = [rungs[rung], rungs[rung + 1]];
  if (state.times.acknowledged !== undefined && waiting(state).length === 0) return [];
  if (isHeard(state)) return [rungDue(after(silentSince(state, last), silence * minute), 0, rungs)];
  if (!here || !next) return [rungDue(after(last, silence * minute), rungs.length, rungs)];
  return [rungDue(later(after(from, next.after * minute), after(last, (next.after - here.after) * minute)), rung + 1, rungs)];
}

/** Questions that hold the runbook up. While an incident waits for the world, no one who acknowledged owes a sign of life. */
const waiting = ({ questions }: State) =>
  questions.filter(asked => asked.blocking && asked.announced !== undefined && isOpen(asked));

/** The latest of a sign of life, a page, and when the first thing began to wait for people. */
function silentSince(state: State, last: string): string {
  const [first = last] = waiting(state)
    .map(({ announced = last }) => announced)
    .toSorted();
  return [state.heard ?? last, last, first].reduce(later);
}

const later = (one: string, other: string) => (one > other ? one : other);

const rungDue = (at: string, rung: number, rungs: Rung[]): Due => {
  const roles = rolesOf(rungs, rung);
  return { at, what: `page ${roles.join(', ')}: no response`, event: { kind: 'rung', rung } };
};

/** Beyond the last level everyone is paged again. */
const rolesOf = (rungs: Rung[], rung: number) => rungs[rung]?.roles ?? rungs.flatMap(({ roles }) => roles);

/** The state after a level of the escalation was reached. The first one again means that it begins again. */
export function withRung(state: State, rung: number, at: string): State {
  const { ladder: rungs, silence } = urgencies[state.severity];
  const because = state.times.acknowledged ? `no activity for ${silence} minutes` : 'not acknowledged';
  const beginning = rung === 0 ? { from: at, again: true as const } : { from: at, ...state.paging.ladder };
  const ladder = { ...beginning, last: at, rung: Math.min(rung, rungs.length - 1) };
  const unlessAcknowledged = state.times.acknowledged === undefined ? true : undefined;
  return withPage(withLadder(state, ladder), { roles: rolesOf(rungs, rung), because, unlessAcknowledged });
}

/** A time that was over before the incident opened does not count against those who work on it. */
export const wasOver = ({ times }: State, by: string) => by <= times.opened;

/** Something is overdue: the next level hears of it while work goes on. */
export function escalated(state: State, because: string, at: string): State {
  const { ladder } = state.paging;
  return ladder && at >= after(ladder.last, apart) ? withNextLevel(state, because, at) : state;
}

/** The next level of an escalation that has begun is paged now, if there is one. */
export function withNextLevel(state: State, because: string, at: string): State {
  const { ladder } = state.paging;
  const next = ladder && urgencies[state.severity].ladder[ladder.rung + 1];
  if (!ladder || !next || !climbs(state)) return state;
  return withPage(withLadder(state, { ...ladder, last: at, rung: ladder.rung + 1 }), { roles: next.roles, because });
}

/** A graver incident pages its own first level, and its escalation begins. */
export function withGraverLadder(state: State, because: string, at: string): State {
  const [first] = urgencies[state.severity].ladder;
  if (!first || isOver(state)) return state;
  return withPage(withLadder(state, { from: at, last: at, rung: 0 }), { roles: first.roles, because });
}

const withLadder = (state: State, ladder: NonNullable<Paging['ladder']>): State => ({
  ...state,
  paging: { ...state.paging, ladder },
});

/** The n-th page has the same key in every run: how many are forgotten is counted. */
export function withPage(state: State, page: Page): State {
  const pages = [...state.paging.pages, page];
  const over = pages.length - mostPages;
  if (over <= 0) return { ...state, paging: { ...state.paging, pages } };
  const pagesBefore = (state.paging.pagesBefore ?? 0) + over;
  return { ...state, paging: { ...state.paging, pages: pages.slice(over), pagesBefore } };
}

/** True if anyone may be paged at all. */
export const climbs = (state: State) =>
  !state.paging.late && !state.paging.unseen && !isOver(state) && urgencies[state.severity].ladder.length > 0;

/** No one need come any more. */
export const isOver = ({ state, cancelled, end }: State) =>
  state === 'resolved' || state === 'closed' || cancelled !== undefined || end?.counts === true;

/** Someone has acknowledged, and was heard of since the escalation began again. */
const isHeard = ({ times, heard = '', paging: { ladder } }: State) =>
  times.acknowledged !== undefined && ladder !== undefined && (!ladder.again || heard >= ladder.from);
