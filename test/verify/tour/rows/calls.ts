/** Incidents of calls that are refused: a quota that is used up, and a limit that is wrong. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { asked, until } from '../../../../lab/scenarios/ground.ts';
import { allowedBy } from '../../../../lab/world/customers.ts';
import { atStripe, operate, setCustomers, subscribe } from '../../../support/operating.ts';
import type { Tour } from '../../../support/touring.ts';
import { callsWithin, isSettled, type Row, searched } from './row.ts';

const grown = ['customer-7', 'customer-8', 'customer-9'];
/** Others: whoever had a mail of a kind gets no other one that day, and what was raised stays. */
const near = ['customer-10', 'customer-11', 'customer-12'];
const mailboxes = (those: string[]) => those.map(customer => `${customer}@mail.example`);

/** A person has sent both mails: at the beginning to those near a limit, at the end to those whose limit was raised. */
function wereMailed(tour: Tour, those: string[], since: Date) {
  for (const subject of [/nearly used up/, /may use more/])
    assert.deepEqual(tour.mailed(subject, since).toSorted(), mailboxes(those).toSorted());
}

const raise = 'Increase quota limits for affected customers';

const premium = '/v1/limits/tier:premium';
const reviewed = { per_minute: 300, burst: 30, until: null, reason: 'as reviewed' };
const mistaken = { per_minute: 30, burst: 3, until: null, reason: 'a slip' };

/** Neither a limit that is put back nor a block of those who abuse the API helps: customers grew, and customer success raises their quota. */
const quota: Row = {
  runbook: 'quota-exhaustion',
  isOver: async ({ ground }) => (await asked(ground, 'max(nqba_quota_used / nqba_quota_limit)')) < 0.9,
  async run(tour) {
    const since = new Date();
    await billed(tour, 'customer-6');
    await setCustomers(tour.platform, { trouble: 'abuse', used: Object.fromEntries(near.map(customer => [customer, 0.97])) });
    await operate(tour.platform, premium, mistaken);
    const incident = await tour.alerted('QuotaNearlyExhausted');
    const answers = await searched(tour, incident, [
      { cause: 'Configuration Issue' },
      { cause: 'API Abuse' },
      { cause: 'Legitimate High Usage', before: () => operate(tour.platform, premium, reviewed) },
    ]);
    await tour.answering(incident, isSettled(raise), answers);
    for (const customer of near) assert.equal(await raisedTo(tour, customer), 1.5 * allowedBy.business.jobs_per_month);
    await setCustomers(tour.platform, { trouble: 'quiet' });
    await tour.closed(incident, { alert: 'QuotaNearlyExhausted', answers });
    wereMailed(tour, near, since);
    return incident;
  },
};

const used = z.looseObject({ usage: z.array(z.looseObject({ customer: z.string(), qpu_time_ms: z.number() })) });

/** This customer pays for what the platform meters of it today. */
async function billed({ platform }: Tour, customer: string) {
  const { environment } = platform;
  const today = new Date().toISOString().slice(0, 10);
  const headers = { authorization: `Bearer ${environment.NQBA_API_TOKEN}` };
  const answer = await fetch(`${environment.NQBA_API_URL}/v1/billing/usage?from=${today}&to=${today}`, { headers });
  const metered = used.parse(await answer.json()).usage.find(one => one.customer === customer);
  const unit = { currency: 'usd', unit_amount: '1', lookup_key: 'qpu_time_ms', 'recurring[interval]': 'day' };
  const price = await atStripe(platform, 'prices', { ...unit, product: 'prod_metered' });
  await subscribe(platform, 'cus_practice06', price.id, {
    'items[0][quantity]': String(metered?.qpu_time_ms),
    'metadata[nqba_customer]': customer,
  });
}

const entitlement = z.looseObject({ override: z.looseObject({ jobs_per_month: z.number() }).nullable() });

/** As another operator of the platform is told. */
async function raisedTo({ platform: { environment } }: Tour, customer: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${environment.NQBA_API_TOKEN}` };
  const answer = await fetch(`${environment.NQBA_API_URL}/v1/entitlements/user/${customer}`, { headers });
  return entitlement.parse(await answer.json()).override?.jobs_per_month;
}

const raiseRates = 'Increase rate limits for affected customers';
const restart = 'Restart rate limiting service';

/** Neither customers who grew nor an abuser: a limit below normal use is set as reviewed, at the edge by a step, at the API by people. */
const rates: Row = {
  runbook: 'api-rate-limit-exceeded',
  /** Where nothing was refused there is no sum. */
  isOver: async ({ ground }) => !((await asked(ground, 'sum(increase(nqba_rate_limited_total{reason="rate"}[10s]))')) >= 3),
  async run(tour) {
    const since = new Date();
    await setCustomers(tour.platform, { trouble: 'legitimate' });
    await operate(tour.platform, premium, mistaken);
    await until('customers have grown for ten seconds', () => haveGrown(tour));
    const incident = await tour.alerted('ApiRateLimitExceeded');
    const is = (trouble: 'abuse' | 'quiet') => setCustomers(tour.platform, { trouble });
    const answers = await searched(tour, incident, [
      {
        cause: 'Legitimate High Usage',
        async after() {
          await tour.answering(incident, isSettled(raiseRates));
          await is('abuse');
        },
      },
      { cause: 'API Abuse' },
      { cause: 'Configuration Issue', before: () => is('quiet') },
    ]);
    await tour.answering(incident, isSettled(restart), answers);
    await operate(tour.platform, premium, reviewed);
    await tour.closed(incident, { alert: 'ApiRateLimitExceeded', answers });
    wereMailed(tour, grown, since);
    return incident;
  },
};

async function haveGrown(tour: Tour): Promise<boolean> {
  const calls = await callsWithin(tour, 10_000);
  return grown.every(customer => calls.filter(({ account }) => account === customer).length > 70);
}

export const calls: Row[] = [quota, rates];
