/** Every request that corrections and retries make at the stand-in is one that Stripe's own schema takes. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CorrectInput } from '../../../activities/billing/inputs.ts';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { startStripeMock, withoutStripeMock } from '../../support/stripe-mock.ts';
import { done } from '../outcomes.ts';
import { approved, type PaidWorld, paidWorld, wrong } from './paid-world.ts';

/** An open and a paid invoice go through all that is done; each request is kept. */
async function requests(): Promise<Request[]> {
  const world = paidWorld();
  const made: Request[] = [];
  const noting =
    (fetch: Fetch): Fetch =>
    request => (made.push(request.clone()), fetch(request));
  const { billing } = world.activities({ between: noting });
  const one = await world.invoice(29_900);
  await correct('refund', [wrong(one, 10_000, { invoice: one.invoice, rule: 'duplicate' })], 'incident-a/R/Reverse/1');
  await correct('credit-note', [wrong(one, 10_000, { invoice: one.invoice, rule: 'duplicate' })], 'incident-a/R/Update/1');
  const of = { customer: one.customer, invoice: one.invoice, line: 'il_1', meter: 'jobs', currency: 'usd' };
  const days = { from: '2026-11-01', to: '2026-11-24', billed: 2, metered: 1, difference: 100 };
  await correct('usage', [{ ...of, ...days }], 'incident-a/R/Adjust/1');
  await retry(world);
  return made;

  async function correct(as: CorrectInput['as'], items: object[], key: string) {
    const list = await world.listOf(as, items);
    const act = (call: { key: string }) => billing.correctCharges({ list, as }, call);
    done(await act(await approved(act, key)));
  }

  async function retry(world: PaidWorld) {
    world.become('failing');
    const failed = { ...(await world.invoice(10_000, { method: 'pm_card_visa' })), reason: 'processing_error' };
    world.become('healthy');
    const list = await world.listOf('failed charges', [failed]);
    const act = (call: { key: string }) => billing.retryCharges({ list }, call);
    done(await act(await approved(act, 'incident-a/R/Retry/1')));
  }
}

const shapeOf = ({ method, url }: Request) => `${method} ${new URL(url).pathname.replace(/\/[a-z]+_\d+/g, '/{id}')}`;

describe('stripe-mock', { skip: withoutStripeMock }, () => {
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  before(async () => {
    mock = await startStripeMock();
  });
  after(() => mock.stop());

  test('takes every request of corrections and retries as it was made', async () => {
    const made = await requests();
    for (const request of made) {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.delete('content-length');
      const body = request.method === 'GET' ? null : await request.text();
      const answer = await fetch(`${mock.url}${pathname}${search}`, { method: request.method, headers, body });
      assert.equal(answer.status, 200, `${shapeOf(request)} ${body ?? ''}: ${await answer.text()}`);
    }
    assert.deepEqual([...new Set(made.map(shapeOf))].toSorted(), [
      'GET /v1/charges',
      'GET /v1/charges/{id}',
      'GET /v1/credit_notes',
      'GET /v1/invoices/{id}',
      'GET /v1/refunds',
      'POST /v1/credit_notes',
      'POST /v1/invoices/{id}',
      'POST /v1/invoices/{id}/pay',
      'POST /v1/refunds',
    ]);
  });

  test('refuses what Stripe does not know, so that this proves something', async () => {
    const headers = { authorization: 'Bearer sk_test_x', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${mock.url}/v1/refunds`, { method: 'POST', headers, body: 'charge=ch_1&amuont=1' });
    assert.equal(answer.status, 400);
  });
});
