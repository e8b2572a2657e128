/** Operations that start by themselves, as Temporal Schedules: what the catalog wants, in words that a server's can be compared with. Pure. */

import { isWritten, notAvailable, runbooks, type ScheduleRow, schedules, type Written } from '../workflows/catalog/index.ts';
import type { OperationStart, Role } from '../workflows/contract/index.ts';
import type { ClientPlatform } from './platform.ts';
import { timesAt } from './platform.ts';

export interface Wanted {
  runbook: Written;
  row: ScheduleRow;
  /** IANA name. */
  timeZone: string;
  cluster: string;
  start: OperationStart;
}

/** A schedule in words; the order is that in which people read it. */
export interface InWords {
  time: string;
  jitter: string;
  overlap: string;
  'catch-up': string;
  starts: string;
  input: string;
}

/** A schedule as the server has it. */
export interface Found {
  /** The slug of its operation. */
  name: string;
  words: InWords;
  /** Why it is paused, if it is. */
  paused?: string | undefined;
  /** RFC 3339. */
  next: string[];
  last?: string | undefined;
}

/** Of operations that are written, and available on this platform. */
export function wantedSchedules(platform: ClientPlatform, people: Record<string, Role[]>, now: number): Wanted[] {
  // Nights pass, and an operation wakes no one.
  const { nights: _, ...times } = timesAt(platform, now, people);
  const start: OperationStart = { version: 1, input: {}, platform: times };
  return runbooks.flatMap(runbook => {
    const row = schedules[runbook.slug];
    if (row === undefined || !isWritten(runbook) || notAvailable(runbook, platform) !== undefined) return [];
    return [{ runbook, row, timeZone: platform.timeZone, cluster: platform.cluster, start }];
  });
}

const two = (count: number) => String(count).padStart(2, '0');

/** `09:00 every day, Europe/Berlin`. */
export const timeInWords = (hour: number, minute: number, days: readonly string[] | undefined, timeZone: string) =>
  `${two(hour)}:${two(minute)} ${days ? days.join(', ').toLowerCase() : 'every day'}, ${timeZone}`;

export const minutesInWords = (minutes: number) => `${minutes} min`;

/** Seconds. */
export const jitterInWords = (jitter: number) => `${jitter} s`;

export const startInWords = (type: string, workflowId: string, taskQueue: string) => `${type} as ${workflowId} on ${taskQueue}`;

export interface Difference {
  name: string;
  what: 'missing' | 'changed' | 'paused' | 'unknown';
  /** Of what is changed: the field, what the server has, and what the catalog wants. */
  fields: { field: string; is: string; wanted: string }[];
  /** In a sentence. */
  text: string;
}

/** Everything that is not as the catalog wants it; a pause is a decision of a person, which only a person ends. */
export function differences(wanted: { name: string; words: InWords }[], found: Found[]): Difference[] {
  const names = wanted.map(({ name }) => name);
  return [
    ...wanted.flatMap(one =>
      changesOf(
        one,
        found.find(({ name }) => name === one.name),
      ),
    ),
    ...found.flatMap(({ name, paused }): Difference[] =>
      paused === undefined ? [] : [{ name, what: 'paused', fields: [], text: `it is paused: ${paused || 'no reason is given'}` }],
    ),
    ...found
      .filter(({ name }) => !names.includes(name))
      .map(({ name }): Difference => ({ name, what: 'unknown', fields: [], text: 'the catalog has no schedule of this name' })),
  ];
}

function changesOf({ name, words }: { name: string; words: InWords }, found: Found | undefined): Difference[] {
  if (!found) return [{ name, what: 'missing', fields: [], text: 'the server has no such schedule' }];
  const is: Readonly<Record<string, string>> = { ...found.words };
  const fields = Object.entries(words)
    .map(([field, wanted]) => ({ field, is: is[field] ?? '', wanted: String(wanted) }))
    .filter(({ is, wanted }) => is !== wanted);
  if (fields.length === 0) return [];
  const text = fields.map(({ field, is, wanted }) => `${field} is ${is}, the catalog says ${wanted}`).join('; ');
  return [{ name, what: 'changed', fields, text }];
}
