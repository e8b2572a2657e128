/** The bodies and queries that the API takes, and pydantic's words for what is wrong with one. */

import type { Context } from 'hono';
import { z } from 'zod';

const JobRequest = z.looseObject({
  operation: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  solver_preference: z.enum(['quantum_dynex', 'classical_dimod', 'classical_ortools', 'hybrid']).nullish(),
  timeout_seconds: z.number().int().min(1).max(3600).default(300),
  priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
  metadata: z.looseObject({ workload: z.enum(['worker', 'batch']).optional() }).default({}),
});
export type JobRequest = z.infer<typeof JobRequest>;

export const readJob = (c: Context): Promise<JobRequest | Response> => readBody(c, JobRequest);

/** The body, or the 422 that FastAPI would answer. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const text = await c.req.text();
  const body = decoded(text);
  return body === undefined ? c.json({ detail: [invalidJson(text)] }, 422) : checked(c, schema, body, 'body');
}

export const readQuery = <T>(c: Context, schema: z.ZodType<T>): T | Response => checked(c, schema, c.req.query(), 'query');

function checked<T>(c: Context, schema: z.ZodType<T>, given: unknown, where: Where): T | Response {
  const { success, data, error } = schema.safeParse(given);
  return success ? data : c.json({ detail: error.issues.map(issue => detail(issue, given, where)) }, 422);
}

type Where = 'body' | 'query';

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalidJson = (text: string) =>
  text === ''
    ? { type: 'missing', loc: ['body'], msg: 'Field required', input: null }
    : {
        type: 'json_invalid',
        loc: ['body', 0],
        msg: 'JSON decode error',
        input: {},
        ctx: { error: 'Expecting value' },
      };

function detail(issue: z.core.$ZodIssue, given: unknown, where: Where) {
  const input = issue.path.reduce<unknown>(at, given);
  return { ...pydantic(issue, input), loc: [where, ...issue.path], input: input === undefined ? given : input };
}

const at = (value: unknown, key: PropertyKey): unknown => (isObject(value) ? Reflect.get(value, key) : undefined);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function pydantic(issue: z.core.$ZodIssue, input: unknown): { type: string; msg: string } {
  if (input === undefined) return { type: 'missing', msg: 'Field required' };
  switch (issue.code) {
    case 'invalid_value':
      return { type: 'enum', msg: `Input should be ${listed(issue.values.map(value => `'${String(value)}'`))}` };
    case 'too_small':
      return issue.origin === 'string'
        ? { type: 'string_too_short', msg: `String should have at least ${issue.minimum} character` }
        : { type: 'greater_than_equal', msg: `Input should be greater than or equal to ${issue.minimum}` };
    case 'too_big':
      return { type: 'less_than_equal', msg: `Input should be less than or equal to ${issue.maximum}` };
    case 'invalid_type':
      return expected[issue.expected] ?? { type: 'value_error', msg: issue.message };
    default:
      return { type: 'value_error', msg: issue.message };
  }
}

const expected: Partial<Record<string, { type: string; msg: string }>> = {
  string: { type: 'string_type', msg: 'Input should be a valid string' },
  int: { type: 'int_parsing', msg: 'Input should be a valid integer, unable to parse string as an integer' },
  number: { type: 'int_parsing', msg: 'Input should be a valid integer, unable to parse string as an integer' },
  object: { type: 'model_attributes_type', msg: 'Input should be a valid dictionary or object to extract fields from' },
  record: { type: 'dict_type', msg: 'Input should be a valid dictionary' },
};

const listed = (words: string[]) => [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' or ');
