/** The practice platform as its own people operate it beside an incident: customers, limits and quotas. */

import assert from 'node:assert/strict';
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
