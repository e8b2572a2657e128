/** The faults of a scenario file in plain sentences: the field, the value found there, the value expected, and a line as it may stand. */

import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A line for each field of a scenario, as it may stand in the file. */
export const examples: Record<string, string> = {
  extends: '"extends": "../dynex-outage.json"',
  title: '"title": "Dynex is away for an hour"',
  at: '"at": "2026-11-24 03:00 Europe/Berlin"',
  mode: '"mode": "supervised"',
  deliveries: '"deliveries": [{ "after": "0 minutes", "status": "firing" }, { "after": "20 minutes", "status": "resolved" }]',
  input: '"input": {}',
  world: '"world": { "dynexStatus": { "verdict": "faulty", "evidence": "Their page reports an outage.", "takes": "2 seconds" } }',
  people:
    '"people": [{ "question": "What is the cause?", "choice": "Dynex Platform Issue", "who": "ann", "after": "5 minutes" }]',
  quietMinutes: '"quietMinutes": { "P0": 60, "P1": 60, "P2": 30, "P3": 30 }',
  stages: '"stages": [{ "percent": 10, "minutes": 10 }, { "percent": 100, "minutes": 10 }]',
  atMost: '"atMost": "4 hours"',
  expects: '"expects": { "outcome": "recovered" }',
};

/** One line for each fault, in the order of the file. */
export function faultLines({ issues }: z.ZodError, data: unknown): string[] {
  return issues.flatMap(issue => sentences(issue, [], data)).map(line => `  ${line}`);
}

function sentences(issue: Issue, before: Path, data: unknown): string[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'invalid_union') return ofUnion(issue.errors, path, data);
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownField(key, path));
  const found = at(data, path);
  const what = found === undefined ? 'is missing' : `is ${quoted(found)}`;
  return [`${named(path)} ${what}: expected ${wanted(issue)}.${exampleOf(path)}`];
}

/** The form that was meant is the one that fits best: its faults are those of the author. */
function ofUnion(written: readonly (readonly Issue[])[], path: Path, data: unknown): string[] {
  const [best] = written.toSorted((one, other) => misfit(one) - misfit(other));
  if (best && misfit(best) <= unknownWeighs) return best.flatMap(issue => sentences(issue, path, data));
  const form = forms[String(path[0])] ?? 'another form';
  return [`${named(path)} is ${quoted(at(data, path))}: expected ${form}.${exampleOf(path)}`];
}

/** One field that is unknown is a slip; with more wrong beside it, it is none of the forms. */
const unknownWeighs = 10;

/** The forms of the fields that have several. */
const forms: Record<string, string> = {
  deliveries: 'a delivery with “after” and “status”, or with “after” and “alertmanager”',
  world: 'an answer, or a list of them, each with one of “done”, “planned”, “byHand”, “verdict”, “fails”, “refuses”',
  people: 'an answer with “question” and “choice”, or a command with “does” and “at”',
  expects: '“outcome” of every incident, or “outcomes” of each',
};

/** A field that is absent or unknown says more against a form than a value that is wrong. */
const misfit = (issues: readonly Issue[]): number => issues.reduce((sum, issue) => sum + weightOf(issue), 0);

function weightOf(issue: Issue): number {
  if (issue.code === 'invalid_union') return Math.min(...issue.errors.map(misfit));
  if (issue.code === 'unrecognized_keys') return unknownWeighs * issue.keys.length;
  if (issue.path.length === 0) return 10 * unknownWeighs;
  return issue.code === 'invalid_type' ? 5 : 1;
}

const unknownField = (key: string, path: Path) =>
  path.length === 0
    ? `“${key}” is no field of a scenario: expected one of ${Object.keys(examples).join(', ')}.`
    : `${named(path)} has a field “${key}”, which is unknown there.${exampleOf(path)}`;

/** `people, entry 2, “at”`. */
function named(path: Path): string {
  const parts = path.map(part => (typeof part === 'number' ? `entry ${part + 1}` : `“${String(part)}”`));
  return parts.join(', ') || 'the file';
}

function exampleOf([first]: Path): string {
  const example = examples[String(first)];
  return example === undefined ? '' : ` Example: ${example}`;
}

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  tuple: 'a list of target, field, before and after',
  object: 'an object',
  record: 'an object',
};

function wanted(issue: Issue): string {
  if (issue.code === 'invalid_type') return types[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(value => `"${String(value)}"`).join(', ')}`;
  if (issue.code === 'invalid_format') return 'a duration, a number and its unit, such as "5 minutes"';
  if (issue.code === 'too_small') return smallest(issue.origin, Number(issue.minimum));
  return issue.code === 'custom' ? `a moment: ${issue.message}` : issue.message;
}

function smallest(origin: string, minimum: number): string {
  if (origin === 'string') return 'a text that is not empty';
  return origin === 'array' ? `a list of at least ${minimum}` : `at least ${minimum}`;
}

const at = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, part) => (value instanceof Object ? Reflect.get(value, part) : undefined), data);

/** Longest quotation, in characters. */
const longest = 80;
const quoted = (value: unknown) => {
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};
