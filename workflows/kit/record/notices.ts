/** Critical alerts without a runbook: which of them the first level is paged for, and when. Pure. */

import type { Alert } from '../../contract/index.ts';
import { subjectNamedBy } from './named-by-alert.ts';
import { cut } from './text.ts';

/** All alerts of one name in one namespace. */
export interface Noticed {
  name: string;
  namespace: string;
  /** As its labels name it: `Deployment shop/storefront`, or a pod. */
  subject?: string | undefined;
  summary: string;
  /** RFC 3339. */
  startsAt: string;
  /** Fingerprints that fire; empty once all have ended. */
  firing: string[];
  /** Older than an hour when it came: it pages no one by itself. */
  late: boolean;
  /** These and the next in milliseconds since 1970. */
  came: number;
  heard: number;
  told?: number | undefined;
  /** Of its own page, which ends with it. */
  page?: number | undefined;
  /** The message under its page. */
  found?: string | undefined;
}

export interface Notices {
  entries: Noticed[];
  /** Alerts for which there was no place. */
  more: number;
  /** When pages of one alert were sent, within the last hour. */
  pages: number[];
  digest?: number | undefined;
  /** Messages so far: each has a number. */
  sent: number;
}

export type Due = { kind: 'page'; of: Noticed } | { kind: 'end'; of: Noticed } | { kind: 'digest'; of: Noticed[] };

const minute = 60_000;
const hour = 60 * minute;
/** Alertmanager repeats what fires every few hours; whatever is not heard of for so long has ended. */
const forgotten = 26 * hour;
/** Milliseconds that a digest waits for others to come. */
const gathering = 10 * minute;
const most = { pages: 3, entries: 200, firing: 100, summary: 300, found: 600 };

export const none: Notices = { entries: [], more: 0, pages: [], sent: 0 };

const isOf =
  ({ name, labels }: Alert) =>
  (one: Noticed) =>
    one.name === name && one.namespace === (labels['namespace'] ?? '');

export function withAlert(before: Notices, alert: Alert, now: number): Notices {
  const state = withoutOld(before, now);
  const entry = state.entries.find(isOf(alert));
  if (alert.status === 'resolved') return entry ? replacing(state, entry, ended(entry, alert, now)) : state;
  if (entry) return replacing(state, entry, fires(entry, alert, now));
  if (state.entries.length >= most.entries) return { ...state, more: state.more + 1 };
  const { name, labels, annotations, startsAt } = alert;
  const summary = cut(annotations['summary'] ?? annotations['description'] ?? '', most.summary);
  const late = now - Date.parse(startsAt) > hour;
  const [namespace, subject] = [labels['namespace'] ?? '', subjectNamedBy(alert)];
  const added = { name, namespace, subject, summary, startsAt, firing: [], late, came: now, heard: now };
  return { ...state, entries: [...state.entries, fires(added, alert, now)] };
}

const fires = (entry: Noticed, { fingerprint }: Alert, now: number): Noticed => ({
  ...entry,
  heard: now,
  firing: [...new Set([...entry.firing, fingerprint])].slice(0, most.firing),
});
const ended = (entry: Noticed, { fingerprint }: Alert, now: number): Noticed => ({
  ...entry,
  heard: now,
  firing: entry.firing.filter(one => one !== fingerprint),
});
const replacing = (state: Notices, entry: Noticed, by: Noticed): Notices => ({
  ...state,
  entries: state.entries.map(one => (one === entry ? by : one)),
});

const isEnded = ({ firing, heard }: Noticed, now: number) => firing.length === 0 || now - heard > forgotten;

/** One that people were told of is remembered for an hour after its end: if it fires again, no one is told again. */
function withoutOld(state: Notices, now: number): Notices {
  const isOld = (one: Noticed) =>
    isEnded(one, now) && one.page === undefined && (one.told === undefined || now - one.heard >= hour);
  return {
    ...state,
    entries: state.entries.filter(one => !isOld(one)),
    pages: state.pages.filter(at => now - at < hour),
    digest: state.digest !== undefined && now - state.digest < hour ? state.digest : undefined,
  };
}

const untold = (state: Notices, now: number) => state.entries.filter(one => one.told === undefined && !isEnded(one, now));

/** The next message; nothing while none is due. */
export function due(before: Notices, now: number): Due | undefined {
  const state = withoutOld(before, now);
  const over = state.entries.find(one => one.page !== undefined && isEnded(one, now));
  if (over) return { kind: 'end', of: over };
  const waiting = untold(state, now);
  const fresh = waiting.find(({ late }) => !late);
  if (fresh && state.pages.length < most.pages) return { kind: 'page', of: fresh };
  return waiting.length > 0 && now >= digestAt(state, waiting) ? { kind: 'digest', of: waiting } : undefined;
}

const digestAt = ({ digest }: Notices, waiting: Noticed[]) =>
  Math.max(Math.min(...waiting.map(({ came }) => came)) + gathering, digest === undefined ? 0 : digest + hour);

export function withSent(before: Notices, { kind, of }: Due, now: number): Notices {
  const state = withoutOld(before, now);
  const told = [of].flat();
  const sent = state.sent + 1;
  const page = kind === 'page' ? sent : undefined;
  const marked = (one: Noticed): Noticed => (kind === 'end' ? { ...one, page: undefined } : { ...one, told: now, page });
  const entries = state.entries.map(one => (told.includes(one) ? marked(one) : one));
  const pages = kind === 'page' ? [...state.pages, now] : state.pages;
  const isDigest = kind === 'digest';
  return { ...state, entries, pages, sent, digest: isDigest ? now : state.digest, more: isDigest ? 0 : state.more };
}

export const withFound = (state: Notices, { name, namespace }: Noticed, found: string): Notices => ({
  ...state,
  entries: state.entries.map(one =>
    one.name === name && one.namespace === namespace ? { ...one, found: cut(found, most.found) } : one,
  ),
});

/** When to check again, unless an alert comes before. */
export function nextCheck(before: Notices, now: number): number {
  const state = withoutOld(before, now);
  const waiting = untold(state, now);
  const soonest = Math.min(
    ...state.pages.map(at => at + hour),
    ...(waiting.length > 0 ? [digestAt(state, waiting)] : []),
    now + hour,
  );
  return Math.max(soonest, now + 1_000);
}

/** No alert is left, and no page that would count if another came. */
export function isOver(before: Notices, now: number): boolean {
  const { entries, pages, digest } = withoutOld(before, now);
  return entries.length === 0 && pages.length === 0 && digest === undefined;
}

/** Alerts that a digest names. */
const listed = 20;
const named = ({ name, namespace, summary }: Noticed) => `${name}${namespace && ` in ${namespace}`}${summary && `: ${summary}`}`;

export function textOf(next: Due, more: number): string {
  if (next.kind === 'end') return `${named(next.of)} has ended`;
  if (next.kind === 'page') return `${named(next.of)}. No runbook runs for it: nothing is done about it here.`;
  const rest = Math.max(0, next.of.length - listed) + more;
  const lines = next.of.slice(0, listed).map(({ name, namespace }) => `${name}${namespace && ` in ${namespace}`}`);
  return `${next.of.length + more} alerts for which no runbook runs: ${lines.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}
