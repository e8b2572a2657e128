/** Billing Drift: charges at a price that no one reviewed are given back while charging is paused, and it goes on in stages. */

import { asked } from '../../../../lab/scenarios/ground.ts';
import { deleteJob, startCharging } from '../../../support/charging-job.ts';
import { atStripe, type Made, setCustomers, subscribe } from '../../../support/operating.ts';
import type { Tour } from '../../../support/touring.ts';
import { asks, type Row, searched } from './row.ts';

/** Those whose cards simply pay. */
const paying = Array.from({ length: 24 }, (_, index) => index + 1)
  .filter(number => ![5, 11, 17, 23].includes(number))
  .map(number => `cus_practice${String(number).padStart(2, '0')}`);
const monthly = { currency: 'usd', product: 'prod_business', 'recurring[interval]': 'month' };
const correct = 'Correct pricing configuration: at Stripe';
const reviewed = 'price_business';

export const billing: Row[] = [
  {
    runbook: 'billing-drift',
    isOver: async ({ ground }) =>
      (await asked(ground, 'nqba_billing_revenue_today / nqba_billing_revenue_expected_today')) < 1.05,
    async run(tour) {
      const { platform } = tour;
      const wrong = await atStripe(platform, 'prices', { ...monthly, unit_amount: '39900' });
      const charged: Made[] = [];
      for (const customer of paying.slice(0, 3)) charged.push(await subscribe(platform, customer, wrong.id));
      for (const customer of paying.slice(3)) await subscribe(platform, customer, reviewed);
      await billTooManyJobs(tour);
      await setCustomers(platform, { billing: { variance: { from: Date.now(), share: 0.3 }, durable: true } });
      await startCharging(platform);
      const incident = await tour.alerted('BillingRevenueVariance');
      const answers = await searched(tour, incident, [
        { cause: 'Usage Mismatch' },
        { cause: 'Payment Processing Issue' },
        { cause: 'Pricing Error' },
      ]);
      await tour.answering(incident, asks(correct), answers);
      await deleteJob(platform);
      await correctPrice(tour, wrong, charged);
      return tour.closed(incident, { alert: 'BillingRevenueVariance', answers });
    },
  },
];

/** More than a business customer may run in a month, on its first day. */
async function billTooManyJobs({ platform }: Tour) {
  const jobs = await atStripe(platform, 'prices', { ...monthly, product: 'prod_jobs', unit_amount: '5', lookup_key: 'jobs' });
  const asPlatformKnowsIt = { 'items[0][quantity]': '1200', 'metadata[nqba_customer]': 'customer-9' };
  await subscribe(platform, paying[3] ?? '', jobs.id, asPlatformKnowsIt);
}

/** As finance does it at Stripe. */
async function correctPrice({ platform }: Tour, wrong: Made, charged: Made[]) {
  for (const { id, items } of charged) {
    const item = items?.data[0]?.id ?? '';
    await atStripe(platform, `subscriptions/${id}`, { 'items[0][id]': item, 'items[0][price]': reviewed });
  }
  await atStripe(platform, `prices/${wrong.id}`, { active: 'false' });
  await setCustomers(platform, { billing: {} });
}
