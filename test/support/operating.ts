/** The practice platform as its own people operate it beside an incident: customers, limits and quotas, and what is charged. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import type { State, TroubleKind } from '../../lab/world/customers.ts';
import type { Platform } from './practice.ts';

type Customers = Partial<State> & { trouble?: TroubleKind | 'quiet' };

const json = { 'content-type': 'application/json' };

/** What customers do from now on. */
export async function setCustomers({ environment }: Platform, changed: Customers): Promise<void> {
  const body = JSON.stringify(changed);
  const answer = await fetch(`${environment.STANDINS_CONTROL}/customers`, { method: 'PUT', headers: json, body });
  assert.equal(answer.status, 200, await answer.text());
}

/** A change through the API for operators, of the version that it has now. */
export async function operate({ environment }: Platform, path: string, wanted: object): Promise<void> {
  const address = `${environment.NQBA_API_URL}${path}`;
  const headers = { ...json, authorization: `Bearer ${environment.NQBA_API_TOKEN}` };
  const limits = await fetch(`${environment.NQBA_API_URL}/v1/limits`, { headers });
  const seen = { 'if-match': limits.headers.get('etag') ?? '' };
  const answer = await fetch(address, { method: 'PUT', headers: { ...headers, ...seen }, body: JSON.stringify(wanted) });
  assert.equal(answer.status, 200, await answer.text());
}

/** A call of Stripe by another client than ours. */
export async function atStripe({ environment }: Platform, path: string, fields: Record<string, string>): Promise<Made> {
  const headers = { authorization: `Bearer ${environment.STRIPE_API_KEY}` };
  const body = new URLSearchParams(fields);
  const answer = await fetch(`${environment.STRIPE_API_URL}/v1/${path}`, { method: 'POST', headers, body });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return Made.parse(JSON.parse(text));
}

const Made = z.looseObject({
  id: z.string(),
  latest_invoice: z.string().nullish(),
  items: z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) }).optional(),
});
export type Made = z.infer<typeof Made>;

/** A customer subscribes at a price, and pays at once; `fields` are more of the subscription. */
export async function subscribe(
  platform: Platform,
  customer: string,
  price: string,
  fields: Record<string, string> = {},
): Promise<Made> {
  const made = await atStripe(platform, 'subscriptions', { customer, 'items[0][price]': price, ...fields });
  for (const what of ['finalize', 'pay']) await atStripe(platform, `invoices/${made.latest_invoice}/${what}`, {});
  return made;
}
