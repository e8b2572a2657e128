/** The start argument of a workflow, guarded as messages are: one that cannot begin fails at once and says why. */

import { ApplicationFailure } from '@temporalio/workflow';
import { type FieldTable, readValues, type Values } from '../../catalog/index.ts';
import {
  type FailureType,
  type OperationStart,
  type PlatformTimes,
  searchAttributeNames,
  severities,
  type TakeBackStart,
} from '../../contract/index.ts';
import { longestPayload } from '../record/bounds.ts';
import { type Fields, isFields, isListOf, isNumber, isText, isTime, read, textsOf } from './fields.ts';
import type { Resumable, Resumed } from './incident.ts';
import type { Read } from './names.ts';
import { alertIn } from './parse.ts';

/** Longest name, in characters; longest quiet time, in minutes; nights, people, stages and Secrets that are read. */
const most = { name: 100, quiet: 525_600, nights: 400, people: 1_000, stages: 100, secrets: 100 };

/** Throws what fails the execution, and nothing else: a workflow task that failed would be repeated for ever. */
export const startOf = (args: unknown[]): Resumable => begun(readStart(args));
export const takeBackStartOf = (args: unknown[]): TakeBackStart => begun(readTakeBackStart(args));
export const operationStartOf = (args: unknown[], table: FieldTable): BegunOperation => begun(readOperationStart(args, table));

export function begun<T>(start: Read<T>): T {
  if ('ok' in start) return start.ok;
  throw ApplicationFailure.nonRetryable(`Nothing begins: ${start.malformed}`, 'BadInput' satisfies FailureType);
}

/** Reads what an incident is started with, or goes on with in a new run. */
export function readStart(args: unknown[]): Read<Resumable> {
  return readNamed<Resumable>(args, (fields, name, platform) => {
    const { alert, because, like, resumed, attributes } = fields;
    const read = isFields(alert) ? alertIn(alert) : { malformed: 'the alert is missing' };
    if ('malformed' in read) return read;
    if (because !== undefined && typeof because !== 'string') return { malformed: 'because is a text, or absent' };
    if (!isLikeness(like)) return { malformed: 'like is what was taken over from an earlier incident, or absent' };
    if (!isResumed(resumed)) return { malformed: 'resumed is what the run before handed on, or absent' };
    return { ok: { version: 1, name, alert: read.ok, platform, because, like, resumed, attributes: named(attributes) } };
  });
}

/** The start of an operation, with the values of its fields as its runbook gets them. */
export interface BegunOperation extends OperationStart {
  platform: PlatformTimes;
  values: Values;
  resumed: Resumed | undefined;
}

/** Nothing is paced, and everyone is taken at their word. */
const unpaced: PlatformTimes = { pace: 1, quietMinutes: { P0: 0, P1: 0, P2: 0, P3: 0 } };

/** Reads what an operation is started with, by a schedule, the command line, or by hand in the Temporal UI. */
export function readOperationStart(args: unknown[], table: FieldTable): Read<BegunOperation> {
  const accept = ({ version = 1, input, because, resumed, attributes, ...rest }: Fields): Read<BegunOperation> => {
    if (version !== 1) return { malformed: wrongVersion };
    if (!isFields(input)) return { malformed: 'the input is missing: {"input":{}}, with the values of its fields' };
    const values = readValues(table, input);
    if ('malformed' in values) return values;
    const platform = rest.platform === undefined ? { ok: unpaced } : readTimes(rest.platform);
    if ('malformed' in platform) return platform;
    if (because !== undefined && typeof because !== 'string') return { malformed: 'because is a text, or absent' };
    if (!isResumed(resumed)) return { malformed: 'resumed is what the run before handed on, or absent' };
    const start = { version, input, because, platform: platform.ok, attributes: named(attributes) } as const;
    return { ok: { ...start, values: values.ok, resumed } };
  };
  return read(args, accept, longestStart);
}

/** Reads what taking a change back is started with. */
export function readTakeBackStart(args: unknown[]): Read<TakeBackStart> {
  return readNamed<TakeBackStart>(args, (fields, name, platform) => {
    const { incident, workflowId, title, at, takeBack, attributes } = fields;
    if (!isText(incident) || !isText(title)) return { malformed: 'incident and title say which step made the change' };
    if (workflowId !== undefined && !isText(workflowId)) return { malformed: 'workflowId is that of the incident, or absent' };
    if (at !== undefined && !isTime(at)) return { malformed: 'at is a time (RFC 3339), or absent' };
    if (!isTakeBack(takeBack)) return { malformed: 'takeBack is what a receipt says of its change: action, key, target, words' };
    const change = { incident, workflowId, title, takeBack, at };
    return { ok: { version: 1, name, ...change, platform, attributes: named(attributes) } };
  });
}

function readNamed<T>(args: unknown[], accept: (fields: Fields, name: string, platform: PlatformTimes) => Read<T>): Read<T> {
  return read<T>(
    args,
    fields => {
      const { version, name } = fields;
      if (version !== 1) return { malformed: wrongVersion };
      if (!isText(name) || name.length > most.name) return { malformed: `the name is a text of at most ${most.name} characters` };
      const platform = readTimes(fields.platform);
      return 'ok' in platform ? accept(fields, name, platform.ok) : platform;
    },
    longestStart,
  );
}

export const wrongVersion = 'the version is 1: worker and client must be of the same release';

/** More than this is no payload. */
export const longestStart = 2 * longestPayload;

function readTimes(value: unknown): Read<PlatformTimes> {
  if (!isFields(value)) return { malformed: 'the platform is missing' };
  const { pace, quietMinutes, ladderBegins, nights, people, stages, keySecrets } = value;
  if (!isNumber(pace, 1e-6, 1)) return { malformed: 'the pace of the platform is a number above 0, at most 1' };
  if (!isQuiet(quietMinutes)) return { malformed: `quietMinutes are minutes for each of ${severities.join(', ')}` };
  if (ladderBegins !== undefined && ladderBegins !== 0 && ladderBegins !== 1)
    return { malformed: 'ladderBegins is 0 or 1, or absent' };
  if (!isListOf(nights, isNight, most.nights)) return { malformed: 'nights are times (RFC 3339), from and to' };
  if (!isListOf(stages, isStage, most.stages)) return { malformed: 'stages have a percentage and minutes each' };
  if (!isListOf(keySecrets, isText, most.secrets)) return { malformed: 'keySecrets are names of Secrets' };
  if (!isPeople(people)) return { malformed: 'people have a list of roles each' };
  return {
    ok: {
      pace,
      quietMinutes,
      ladderBegins,
      nights,
      people: people && known(people),
      stages,
      keySecrets,
      drafts: isTrue(value.drafts),
      tickets: isTrue(value.tickets),
    } as PlatformTimes,
  };
}

const isTrue = (value: unknown) => (value === true ? value : undefined);

const isQuiet = (value: unknown): value is PlatformTimes['quietMinutes'] =>
  isFields(value) && severities.every(severity => isNumber(value[severity], 0, most.quiet));

const isNight = (value: unknown) => isFields(value) && isTime(value.from) && isTime(value.to);

const isStage = (value: unknown) => isFields(value) && isNumber(value.percent, 0, 100) && isNumber(value.minutes, 0, most.quiet);

const isPeople = (value: unknown): value is Record<string, unknown[]> | undefined =>
  value === undefined ||
  (isFields(value) && Object.keys(value).length <= most.people && Object.values(value).every(Array.isArray));

/** A role that is no text keeps no incident from beginning. */
const known = (people: Record<string, unknown[]>): PlatformTimes['people'] =>
  Object.fromEntries(Object.entries(people).map(([name, given]) => [name, given.filter(isText)]));

/** None where nothing readable is named: an incident is worth more than that it is found. */
const named = (value: unknown) => (Array.isArray(value) ? searchAttributeNames.filter(name => value.includes(name)) : undefined);

/** Our own code wrote what is in the lists; whoever types one by hand has at least their form. */
const hasLists = (value: Fields, ...names: string[]) =>
  names.every(name => value[name] !== undefined && isListOf(value[name], isFields));

const isLikeness = (value: unknown): value is Resumable['like'] =>
  value === undefined ||
  (isFields(value) && isText(value.incident) && isText(value.from) && hasLists(value, 'steps', 'phases', 'questions'));

const isResumed = (value: unknown): value is Resumable['resumed'] =>
  value === undefined ||
  (isFields(value) &&
    isFields(value.state) &&
    value.state.version === 1 &&
    hasLists(value.state, 'steps', 'phases', 'questions', 'alerts'));

function isTakeBack(value: unknown): value is TakeBackStart['takeBack'] {
  if (!isFields(value) || !isFields(value.target)) return false;
  const { system, kind, name } = textsOf(value.target);
  const { action, key, words } = textsOf(value);
  return [system, kind, name, action, key, words].every(isText);
}
