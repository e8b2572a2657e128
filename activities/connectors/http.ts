/** One HTTP call: bounded in time and size, no redirects, and every way to fail in one form. */

import type { z } from 'zod';
import { limits } from '../limits.ts';
import { signedIn } from './address.ts';
import { withoutCredentials } from './hiding.ts';
import type { Proxies } from './proxy.ts';
import { quoted, SystemError } from './system-error.ts';

export type Fetch = (request: Request) => Response | Promise<Response>;

export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds; ends early with the signal's reason. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The parts of every connector over HTTP. */
export interface Wire extends Clock {
  fetch: Fetch;
  /** For what is reached by another way than `fetch`. */
  proxies?: Proxies | undefined;
}

export interface Asked {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** Milliseconds, where it may take longer than others. */
  within?: number;
  /** The longest answer that is read, in bytes; 1 MiB unless it may be longer than others. */
  most?: number;
  /** Credentials in the body: those in headers are known. */
  secrets?: readonly string[];
}

export interface Answer {
  status: number;
  text: string;
  /** The text as it is quoted, where it repeats what the request was signed with. */
  quotable?: string;
  /** Milliseconds. */
  retryAfter?: number;
  /** The clock of the system, milliseconds since 1970, in whole seconds; absent where it does not tell. */
  date?: number;
}

export type Send = (url: string, asked?: Asked) => Promise<Answer>;

/** Milliseconds for one call, unless it is given another limit. */
export const within = limits.call;
const mostBytes = 1_048_576;

/** @throws SystemError `unreachable` when no answer came in time. */
export const sender =
  (system: string, { fetch, now, sleep }: Wire): Send =>
  async (url, { signal, within: longest, most = mostBytes, secrets, ...asked } = {}) => {
    const call = (over: AbortSignal) => {
      const signals = [over, ...(signal ? [signal] : [])];
      const { url: bare, authorization } = signedIn(url);
      const headers = { ...(authorization && { authorization }), ...asked.headers };
      const request = new Request(bare, { ...asked, headers, redirect: 'manual', signal: AbortSignal.any(signals) });
      return answerOf(system, fetch, request, { now, most, secrets });
    };
    try {
      return await inTime(sleep, call, longest);
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof SystemError ? error : unreachable(system, error);
    }
  };

/** One call, given up when its time is over: `over` then ends it. */
export async function inTime<T>(
  sleep: Clock['sleep'],
  call: (over: AbortSignal) => Promise<T>,
  longest: number = within,
): Promise<T> {
  const over = new AbortController();
  const late = limit(sleep, over, longest);
  try {
    return await Promise.race([call(over.signal), late]);
  } finally {
    over.abort();
  }
}

/** Rejects when the time is over; ends quietly with the call. */
async function limit(sleep: Clock['sleep'], over: AbortController, longest: number): Promise<never> {
  await sleep(longest, over.signal).catch(() => undefined);
  if (over.signal.aborted) return new Promise<never>(() => undefined);
  throw Object.assign(new Error(`no answer within ${longest / 1000} s`), { code: 'TIMEOUT' });
}

async function answerOf(
  system: string,
  fetch: Fetch,
  request: Request,
  { now, most, secrets }: Pick<Clock, 'now'> & { most: number; secrets: readonly string[] | undefined },
): Promise<Answer> {
  const response = await fetch(request);
  const retryAfter = delay(response.headers.get('retry-after'), now());
  const date = Date.parse(response.headers.get('date') ?? '');
  const text = await textOf(system, response, most);
  const quotable = withoutCredentials(text, request.headers, secrets);
  return {
    status: response.status,
    text: response.ok ? text : quotable,
    ...(quotable !== text && { quotable }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(Number.isFinite(date) && { date }),
  };
}

async function textOf(system: string, { body, status }: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > most)
      throw new SystemError({ system, fault: 'garbled', status, text: `sent more than ${Math.round(most / mostBytes)} MiB` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `Retry-After` in its two forms, as milliseconds from now. */
function delay(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** The cause behind `fetch failed`; an address in it may hold a secret, and is left out. */
export function unreachable(system: string, error: unknown): SystemError {
  const cause = oneOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
  const text = cause instanceof Error ? quoted(cause.message.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '<address>')) : 'failed';
  return new SystemError({ system, fault: 'unreachable', text: `cannot be reached: ${text}`, cause });
}

/** Of a name with several addresses each was tried, and the error of all of them has no words. */
const oneOf = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error);

/** The answer if it is a success. @throws SystemError `answered` with what it said otherwise. */
export function accepted(system: string, answer: Answer): Answer {
  const { status, text, retryAfter } = answer;
  if (status >= 200 && status < 300) return answer;
  const said = `answered ${status}: ${sentenceIn(text)}`;
  throw new SystemError({ system, fault: 'answered', status, text: said, ...(retryAfter !== undefined && { retryAfter }) });
}

/** The body of a success as the schema means it. @throws SystemError `garbled` when it is something else. */
export function parsed<T>(system: string, schema: z.ZodType<T>, answer: Answer): T {
  const { text, status, quotable = text } = accepted(system, answer);
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const said = `answered ${status} with something else than expected: ${sentenceIn(quotable)}`;
  throw new SystemError({ system, fault: 'garbled', status, text: said });
}

/** Vendors put the sentence that people need under one of these names. */
const names = ['message', 'detail', 'error', 'errors', 'title', 'msg'];

/** An answer as a sentence: never raw JSON. */
export function sentenceIn(text: string): string {
  const body = jsonOf(text);
  const isJson = typeof body === 'object' && body !== null;
  return quoted(isJson ? (sentenceOf(body) ?? 'JSON without a message') : text) || 'nothing';
}

function sentenceOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map(Object.entries(value));
  const parts = Array.isArray(value) ? value : names.map(name => fields.get(name));
  return parts.flatMap(part => sentenceOf(part) ?? []).join(': ') || undefined;
}

/** Nothing if it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
