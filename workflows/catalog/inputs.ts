/** The input of an operation: one table of fields makes its flags, its help, its type and its guard. Pure. */

import { secretAmong } from '../contract/index.ts';

interface Described {
  /** Its meaning, for people. */
  help: string;
  /** Without it the operation does not start. */
  needed?: true;
}

export type Field = Described &
  (
    | { type: 'number'; least: number; most: number; whole?: true; usual?: number }
    | { type: 'choice'; choices: readonly string[]; usual?: string }
    | { type: 'text'; longest: number; usual?: string }
  );

/** By name. A field that is absent has its `usual` value; without one the runbook decides. */
export type FieldTable = Readonly<Record<string, Field>>;

export type Value = number | string;
export type Values = Record<string, Value>;

/** The values of a table as its runbook gets them. */
export type ValuesOf<T extends FieldTable> = {
  [N in keyof T]: T[N] extends { usual: unknown } | { needed: true } ? ValueOf<T[N]> : ValueOf<T[N]> | undefined;
};
type ValueOf<F extends Field> = F extends { type: 'number' }
  ? number
  : F extends { type: 'choice'; choices: readonly (infer C)[] }
    ? C
    : string;

/** Total: whatever comes in, the values or a reason come out. The command line and the workflow ask the same. */
export function readValues(table: FieldTable, given: unknown): { ok: Values } | { malformed: string } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { malformed: `the input is an object of ${namesOf(table)}` };
  const stranger = Object.keys(given).find(name => !Object.hasOwn(table, name));
  if (stranger !== undefined) return { malformed: `there is no field ${quoted(stranger)}: the fields are ${namesOf(table)}` };
  const secret = secretAmong(Object.values(given));
  if (secret !== undefined) return { malformed: secret };
  const values: Values = {};
  const all: Readonly<Record<string, unknown>> = { ...given };
  for (const [name, field] of Object.entries(table)) {
    const value = all[name] ?? field.usual;
    if (value === undefined && field.needed) return { malformed: `${name} is missing: ${wanted(field)}` };
    if (value === undefined) continue;
    if (!fits(field, value)) return { malformed: `${name} is ${wanted(field)}, not ${quoted(value)}` };
    values[name] = value;
  }
  return { ok: values };
}

/** `a whole number from 2 to 10`. */
export function wanted(field: Field): string {
  if (field.type === 'number') return `a ${field.whole ? 'whole ' : ''}number from ${field.least} to ${field.most}`;
  if (field.type === 'choice') return `one of ${field.choices.join(', ')}`;
  return `a text of at most ${field.longest} characters`;
}

function fits(field: Field, value: unknown): value is Value {
  if (field.type === 'number')
    return typeof value === 'number' && value >= field.least && value <= field.most && (!field.whole || Number.isInteger(value));
  if (typeof value !== 'string') return false;
  if (field.type === 'choice') return field.choices.includes(value);
  return value.trim() !== '' && value.length <= field.longest && value.isWellFormed();
}

const namesOf = (table: FieldTable) => Object.keys(table).join(', ') || 'none';

/** Of what someone typed, enough to find it again. */
const quoted = (value: unknown) => JSON.stringify(value).slice(0, 40);
