/** Limits of everything that grows in the state of an incident, in one place: a storm, a script or a week never stops it. */

import { cut } from './text.ts';

/** Bytes of JSON: what a query answers, a result, or what a roll-over hands on. Temporal takes 2 MiB. */
export const longestPayload = 1.5 * 1024 * 1024;
/** Bytes of the state or the report; the rest of a payload is the start and what stands around it. */
export const longestRecord = 1024 * 1024;

/** Alerts that are counted each, and the newest of them that stand in the report with their texts. */
export const mostCounted = 2_000;
export const mostAlerts = 40;
/** Newest entries of each list: refusals, notes, changes of severity, extensions, what was withdrawn. */
export const mostKept = 200;
/** Systems that are not reached, what is ready to paste, decisions by one person instead of two, votes. */
export const mostEntries = 100;
/** Newest entries of the timeline. */
export const mostTimeline = 200;
/** People who acted last. */
export const mostActed = 50;
/** First follow-ups: the words of a runbook find theirs by number. */
export const mostFollowUps = 200;
/** Newest pages and announcements that a roll-over may have to send; their steps go with them. */
export const mostPages = 100;
export const mostAnnouncements = 200;
/** Changes of verdict of a check that the incident repeats by itself; later ones stand in the last. */
export const mostChecks = 50;
/** Newest settled plans, holds and stuck steps. */
export const mostSettled = 200;

/** Characters of a note, a reason, or what a person wrote. */
export const longestText = 500;
/** Characters of a title, a name, or a line that says what is refused or withdrawn. */
export const longestLine = 200;
/** Characters of evidence, and of why something is so. */
export const longestEvidence = 1_000;
/** Characters of what is ready to paste. */
export const longestPaste = 4_000;
/** Entries of a plan, a list of changes, or a list in facts. */
export const mostItems = 50;

/** The list with one more entry, without the oldest beyond the limit. */
export const newest = <T>(list: readonly T[] | undefined, one: T, most = mostKept): T[] => [...(list ?? []), one].slice(-most);

/** Entries after a number, of a list whose oldest are forgotten: each keeps its number. */
export const numberedAfter = <T>(list: readonly T[], before = 0, after = 0): [T, number][] =>
  list.map((one, index): [T, number] => [one, before + index + 1]).filter(([, number]) => number > after);

/** A value of the same form, with every text and every list cut. */
export function cutDeep<T>(value: T, longest: number, most: number): T {
  return cutValue(value, longest, most) as T;
}

function cutValue(value: unknown, longest: number, most: number): unknown {
  if (typeof value === 'string') return cut(value, longest);
  if (Array.isArray(value)) return value.slice(0, most).map(item => cutValue(item, longest, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, cutValue(field, longest, most)]));
}
