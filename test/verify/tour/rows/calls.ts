/** Incidents of calls that are refused: a quota that is used up, and a limit that is wrong. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { asked } from '../../../../lab/scenarios/ground.ts';
import { allowedBy } from '../../../../lab/world/customers.ts';
import { operate, setCustomers } from '../../../support/operating.ts';
import type { Tour } from '../../../support/touring.ts';
import { asks, isSettled, type Row, searched } from './row.ts';

const grown = ['customer-7', 'customer-8', 'customer-9'];
const raise = 'Increase quota limits for affected customers';

const premium = '/v1/limits/tier:premium';
const reviewed = { per_minute: 300, burst: 30, until: null, reason: 'as reviewed' };
const mistaken = { per_minute: 30, burst: 3, until: null, reason: 'a slip' };

/** A limit that is wrong too is put back, which does not help: customers grew, and customer success raises their quota. */
const quota: Row = {
  runbook: 'quota-exhaustion',
  isOver: async ({ ground }) => (await asked(ground, 'max(nqba_quota_used / nqba_quota_limit)')) < 0.9,
  async run(tour) {
    await setCustomers(tour.platform, { trouble: 'legitimate' });
    await operate(tour.platform, premium, mistaken);
    const incident = await tour.alerted('QuotaNearlyExhausted');
    const answers = await searched(tour, incident, [
      { cause: 'Configuration Issue' },
      { cause: 'Legitimate High Usage', before: () => operate(tour.platform, premium, reviewed) },
    ]);
    await tour.answering(incident, isSettled(raise), answers);
    for (const customer of grown) assert.equal(await raisedTo(tour, customer), 1.5 * allowedBy.business.jobs_per_month);
    await setCustomers(tour.platform, { trouble: 'quiet' });
    return tour.closed(incident, { alert: 'QuotaNearlyExhausted', answers });
  },
};

const entitlement = z.looseObject({ override: z.looseObject({ jobs_per_month: z.number() }).nullable() });

/** As another operator of the platform is told. */
async function raisedTo({ platform: { environment } }: Tour, customer: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${environment.NQBA_API_TOKEN}` };
  const answer = await fetch(`${environment.NQBA_API_URL}/v1/entitlements/user/${customer}`, { headers });
  return entitlement.parse(await answer.json()).override?.jobs_per_month;
}

const adjust = 'Adjust rate limit settings: API';

/** Neither an abuser nor customers who grew: a limit below normal use is set as reviewed, at the edge by a step, at the API by people. */
const rates: Row = {
  runbook: 'api-rate-limit-exceeded',
  /** Where nothing was refused there is no sum. */
  isOver: async ({ ground }) => !((await asked(ground, 'sum(increase(nqba_rate_limited_total{reason="rate"}[10s]))')) >= 3),
  async run(tour) {
    await setCustomers(tour.platform, { trouble: 'abuse' });
    await operate(tour.platform, premium, mistaken);
    const incident = await tour.alerted('ApiRateLimitExceeded');
    const answers = await searched(tour, incident, [
      { cause: 'API Abuse' },
      { cause: 'Legitimate High Usage', before: () => setCustomers(tour.platform, { trouble: 'quiet' }) },
      { cause: 'Configuration Issue' },
    ]);
    await tour.answering(incident, asks(adjust), answers);
    await operate(tour.platform, premium, reviewed);
    await tour.closed(incident, { alert: 'ApiRateLimitExceeded', answers });
    await setCustomers(tour.platform, { trouble: 'quiet' });
    return incident;
  },
};

export const calls: Row[] = [quota, rates];
