/**
 * Idempotency keys: https://docs.stripe.com/api/idempotent_requests. The first answer under a key is kept for 24 hours, errors too,
 * once the call was carried out; the same key with other parameters is an `idempotency_error`.
 */

import type { Ledger } from './ledger.ts';
import { invalid, Refusal, type Status } from './refusals.ts';

export interface Answer {
  status: 200 | Status;
  body: object;
  replayed?: true;
}

/** Seconds. */
const aDay = 86_400;

/** @throws Refusal for a key that was used for something else, or that is too long */
export function keptAnswer({ kept, now }: Ledger, key: string, path: string, sent: string): Answer | undefined {
  if (key.length > 255) throw invalid('Idempotency keys must be at most 255 characters long.', undefined, 'Idempotency-Key');
  const known = kept.answers[key];
  if (!known || known.at <= now() - aDay) return undefined;
  if (known.path !== path) throw usedFor(`for the same endpoint they were first used for ('${path}' vs '${known.path}')`, key);
  if (known.sent !== sent) throw usedFor('with the same parameters they were first used with', key);
  return { status: known.status, body: known.body, replayed: true };
}

export function keep({ kept, now }: Ledger, key: string, path: string, sent: string, { status, body }: Answer): void {
  kept.answers[key] = { at: now(), path, sent, status, body: structuredClone({ ...body }) };
}

/** Now and then: what is too old is no answer any more. */
export function forget(kept: Ledger['kept'], now: number): void {
  kept.answers = Object.fromEntries(Object.entries(kept.answers).filter(([, one]) => one.at > now - aDay));
}

const usedFor = (what: string, key: string) =>
  new Refusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used ${what}. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
