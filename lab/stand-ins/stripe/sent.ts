/**
 * Parameters of a call: form-encoded with brackets (`metadata[key]`, `items[0][price]`), and refused in Stripe's words.
 *
 * Follows https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes (`parameter_unknown`, `parameter_missing`,
 * `parameter_invalid_integer`), for metadata https://docs.stripe.com/api/metadata. A parameter that Stripe knows and the stand-in
 * does not model is refused as unknown, which is stricter.
 */

import { z } from 'zod';
import { invalid } from './refusals.ts';

export type Field = string | Fields;
export interface Fields {
  [name: string]: Field;
}

/** `a[b][0]=x` as `{ a: { b: { 0: 'x' } } }`; `a[]=x` counts up. */
export function fieldsOf(form: URLSearchParams): Fields {
  const all: Fields = {};
  for (const [name, value] of form) {
    const path = [...name.matchAll(/[^[\]]+|(?<=\[)(?=\])/g)].map(([part]) => part);
    let into = all;
    for (const [index, part] of path.entries()) {
      const key = part === '' ? String(Object.keys(into).length) : part;
      if (index === path.length - 1) into[key] = value;
      else into = inside(into, key);
    }
  }
  return all;
}

function inside(fields: Fields, key: string): Fields {
  const found = fields[key];
  if (typeof found === 'object') return found;
  const made: Fields = {};
  fields[key] = made;
  return made;
}

export const integer = z
  .string()
  .regex(/^-?\d+$/, 'integer')
  .transform(Number);
export const amount = integer.refine(value => value >= 0, 'negative');
export const boolean = z.enum(['true', 'false'], 'boolean').transform(value => value === 'true');
export const listOf = <T extends z.ZodType>(item: T) => z.preprocess(numbered, z.array(item));
export const metadata = z.union([z.literal(''), z.record(z.string().max(40, 'name'), z.string().max(500, 'value'))]).optional();
export const range = z.union([
  integer,
  z.strictObject({ gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() }),
]);

function numbered(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.values(value) : value;
}

/** @throws Refusal: the first thing that is wrong, as Stripe says it */
export function parsed<T>(schema: z.ZodType<T>, fields: Fields): T {
  const read = schema.safeParse(fields);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw issue ? complaint(issue, fields) : invalid('Invalid request.');
}

function complaint(issue: z.core.$ZodIssue, fields: Fields) {
  const param = named(issue.path.map(String));
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map(key => named([...issue.path.map(String), key]));
    const [first = ''] = keys;
    return invalid(`Received unknown parameter${keys.length > 1 ? 's' : ''}: ${keys.join(', ')}`, 'parameter_unknown', first);
  }
  const value = valueAt(fields, issue.path.map(String));
  if (value === undefined) return invalid(`Missing required param: ${param}.`, 'parameter_missing', param);
  if (issue.message === 'integer') return invalid(`Invalid integer: ${shown(value)}`, 'parameter_invalid_integer', param);
  if (issue.message === 'negative')
    return invalid('This value must be greater than or equal to 0.', 'parameter_invalid_integer', param);
  if (issue.message === 'boolean') return invalid(`Invalid boolean: ${shown(value)}`, undefined, param);
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String);
    return invalid(`Invalid ${param}: must be one of ${choices.slice(0, -1).join(', ')}, or ${choices.at(-1)}`, undefined, param);
  }
  return invalid(`Invalid ${param}: ${issue.message}`, undefined, param);
}

const shown = (value: Field) => (typeof value === 'string' ? value : JSON.stringify(value));

const named = ([first = '', ...rest]: string[]) => first + rest.map(part => `[${part}]`).join('');

const valueAt = (fields: Fields, path: string[]) =>
  path.reduce<Field | undefined>((value, part) => (typeof value === 'object' ? value[part] : undefined), fields);

/** Metadata after an update: `''` for one key, or for all, takes it away. */
export function merged(before: Record<string, string>, sent: z.output<typeof metadata>): Record<string, string> {
  if (sent === undefined) return before;
  if (sent === '') return {};
  return Object.fromEntries(Object.entries({ ...before, ...sent }).filter(([, value]) => value !== ''));
}
