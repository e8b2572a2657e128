/** Arguments of signals, updates and starts, before anything is known of them: whatever comes in, fields or a reason come out. */

import type { Malformed, Read } from './names.ts';
import { bytesOf, cut } from '../record/text.ts';

export type Fields = Record<string, unknown>;

/** Longest message of a person that is read at all, in bytes of its JSON. */
export const longestMessage = 4096;

/** The one argument, an object. */
export function read<T>(args: unknown[], accept: (fields: Fields) => Read<T>, longest = longestMessage): Read<T> {
  if (args.length !== 1) return { malformed: `expected one argument, got ${args.length}` };
  const [value] = args;
  if (!isFields(value)) return { malformed: `expected an object, got ${kindOf(value)}` };
  if (isText(value.malformed)) return refusalOf(value.malformed, value.secret === true);
  const length = lengthOf(value);
  if (length > longest) return { malformed: `${length} bytes; at most ${longest} are read` };
  return accept(value);
}

const refusalOf = (malformed: string, secret: boolean): Malformed =>
  secret ? { malformed: cut(malformed, 200), secret } : { malformed: cut(malformed, 200) };

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.isWellFormed();
/** RFC 3339, or what else is a time. */
export const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
export const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
/** At most so many of a kind; an absent one is none. */
export const isListOf = (value: unknown, is: (item: unknown) => boolean, most = Number.POSITIVE_INFINITY) =>
  value === undefined || (Array.isArray(value) && value.length <= most && value.every(is));
const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);

/** Bytes as JSON; what JSON cannot hold is as long as can be. */
function lengthOf(value: unknown): number {
  try {
    return bytesOf(JSON.stringify(value));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Adds those of the named fields that are there; each must be a text, because one that is not read would be believed to count. */
export function withTexts<T, K extends string>(said: T, fields: Fields, names: K[]): Read<T & { [N in K]?: string }> {
  const given = names.filter(name => fields[name] !== undefined && fields[name] !== null && fields[name] !== '');
  const wrong = given.find(name => !isText(fields[name]));
  if (wrong !== undefined) return { malformed: `${wrong} must be a text, or absent` };
  const texts = Object.fromEntries(given.map(name => [name, fields[name]])) as { [N in K]?: string };
  return { ok: { ...said, ...texts } };
}

export const textsOf = (value: unknown): Record<string, string> =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter((field): field is [string, string] => isText(field[1]))) : {};
