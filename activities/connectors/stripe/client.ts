/** The `stripe` package over our own fetch: bounded in time and size, no retries of its own, and every fault in one form. */

import { Stripe } from 'stripe';
import { z } from 'zod';
import { accepted, type Asked, jsonOf, sender, unreachable, type Wire } from '../http.ts';
import { quoted, SystemError } from '../system-error.ts';

export type Client = Stripe;

/** The form of requests and answers; the package is written for this one. */
export const apiVersion = '2026-10-28.endive';

const system = 'Stripe';

export function stripeClient({ url, key }: { url: string; key: string }, wire: Wire): Client {
  const { hostname, port, protocol } = new URL(url);
  return new Stripe(key, {
    apiVersion,
    host: hostname,
    port: port || undefined,
    protocol: protocol === 'http:' ? 'http' : 'https',
    httpClient: Stripe.createFetchHttpClient(over(wire)),
    // Temporal tries again.
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

function over(wire: Wire): typeof globalThis.fetch {
  const send = sender(system, wire);
  return async (input, init) => {
    const request = new Request(input, init);
    const asked: Asked = { method: methodOf(request), headers: Object.fromEntries(request.headers) };
    // `fetch` counts the body itself: where undici is loaded, it refuses a second count.
    delete asked.headers?.['content-length'];
    if (request.body !== null) asked.body = await request.text();
    const answer = await send(request.url, asked);
    const { status, text, retryAfter } = hasWords(answer.text) ? answer : accepted(system, answer);
    const headers = new Headers(retryAfter === undefined ? [] : [['retry-after', String(Math.ceil(retryAfter / 1000))]]);
    return new Response(status === 204 ? null : text, { status, headers });
  };
}

const methods = ['GET', 'POST', 'PATCH', 'PUT'] as const;
const methodOf = ({ method }: Request) => methods.find(one => one === method) ?? 'GET';

/** An error without the words of Stripe is that of something before it. */
const hasWords = (text: string) => withWords.safeParse(jsonOf(text)).success;
const withWords = z.looseObject({ error: z.looseObject({}) });

/** An answer as the schema means it. @throws SystemError */
export async function answered<T>(schema: z.ZodType<T>, call: PromiseLike<unknown>): Promise<T> {
  return read(schema, await outcome(call));
}

async function outcome<T>(call: PromiseLike<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw failed(error);
  }
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { data, error, success } = schema.safeParse(answer);
  if (success) return data;
  const text = `answered something else than expected: ${quoted(z.prettifyError(error))}`;
  throw new SystemError({ system, fault: 'garbled', text });
}

/** The words of Stripe without what is secret: of a key it repeats the end. */
function failed(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { detail, statusCode: status, message, headers } = error;
  if (detail instanceof SystemError) return detail;
  if (status === undefined) return unreachable(system, detail instanceof Error ? detail : error);
  if (status >= 200 && status < 300)
    return new SystemError({
      system,
      fault: 'garbled',
      status,
      text: `answered ${status} with an error inside: ${quoted(message)}`,
    });
  const seconds = Number(headers?.['retry-after']);
  const text = `answered ${status}: ${quoted(message.replace(/\b[rs]k_\w+[\w*]*/g, '<key>'))}`;
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new SystemError({ system, fault: 'answered', status, text, retryAfter, cause: error });
}

/** The word that Stripe has for what was wrong, such as `charge_already_refunded`; nothing where it gave none. */
export const stripeCode = ({ cause }: SystemError): string | undefined =>
  cause instanceof Stripe.errors.StripeError ? (cause.code ?? cause.decline_code) : undefined;

/** A bounded part of a list, the newest first. */
export interface Listed<T> {
  items: T[];
  /** False where there are more than we read. */
  isWhole: boolean;
}

/** Pages that are read at most: a list of 10,000 fits, and one of more is known to be more. */
const mostPages = 101;

const page = z.object({ object: z.literal('list'), data: z.array(z.unknown()), has_more: z.boolean() });
const identified = z.object({ id: z.string().min(1) });

/** One page after the other. @throws SystemError */
export async function allOf<T>(
  schema: z.ZodType<T>,
  size: number,
  list: (at: { limit: number; starting_after: string | undefined }) => PromiseLike<unknown>,
): Promise<Listed<T>> {
  const items: T[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { data, has_more } = await answered(page, list({ limit: size, starting_after: after }));
    for (const one of data) items.push(read(schema, one));
    const last = data.at(-1);
    if (!has_more || last === undefined) return { items, isWhole: true };
    after = read(identified, last).id;
  }
  return { items, isWhole: false };
}
