/** Calls that are refused, once each on real servers: alert, cause, a limit that ends by itself, recovery, closed. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allowedBy } from '../../../lab/world/customers.ts';
import { operate, setCustomers } from '../../support/operating.ts';
import { Tour } from '../../support/touring.ts';

let tour: Tour;
before(async () => {
  tour = await Tour.start(['quota-exhaustion']);
});
after(() => tour?.stop());

const lowPriority = 'ingresses/nqba-platform-low-priority';

test('Quota Exhaustion: customers who grew have their quota raised, and are not refused any more', async () => {
  const since = new Date();
  await setCustomers(tour.platform, { trouble: 'legitimate' });
  const incident = await tour.alerted('QuotaNearlyExhausted');
  const answers = { 'What is the cause?': 'Legitimate High Usage' };
  const raise = 'Increase quota limits for affected customers';
  await tour.answering(incident, ({ questions }) => questions.some(({ title }) => title === raise), answers);
  const { jobs_per_month } = allowedBy.premium;
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
  for (const customer of ['customer-7', 'customer-8', 'customer-9'])
    await operate(tour.platform, `/v1/entitlements/user/${customer}/override`, { jobs_per_month, until });
  await setCustomers(tour.platform, { trouble: 'quiet' });
  const { outcome, standing } = await tour.closed(incident, { alert: 'QuotaNearlyExhausted', answers });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await tour.written(since), [lowPriority, lowPriority]);
});
