/** The diagnosis of Billing Drift: which findings propose a cause, and which never do. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../../workflows/contract/index.ts';
import { type BillingCause, billingCause } from '../../../workflows/runbooks/billing-drift/cause.ts';

const finding = (verdict: Verdict, evidence: string) => ({ verdict, evidence });
const found = ([charges, prices, usage, payments]: [Verdict, Verdict, Verdict, Verdict]) => ({
  charges: finding(charges, 'Charges.'),
  prices: finding(prices, 'Prices.'),
  usage: finding(usage, 'Usage.'),
  payments: finding(payments, 'Payments.'),
});

const [ok, bad, open] = ['healthy', 'faulty', 'unknown'] as const;
const cases: [Parameters<typeof found>[0], BillingCause | undefined][] = [
  [[bad, bad, bad, bad], 'Pricing Error'],
  [[ok, bad, ok, ok], 'Pricing Error'],
  [[bad, ok, bad, bad], 'Usage Mismatch'],
  [[ok, open, bad, ok], undefined],
  [[ok, ok, ok, bad], 'Payment Processing Issue'],
  [[bad, ok, ok, bad], undefined],
  [[ok, ok, open, bad], undefined],
  [[ok, open, ok, bad], undefined],
  [[bad, ok, ok, ok], undefined],
  [[open, open, open, open], undefined],
];
for (const [verdicts, proposed] of cases)
  test(`charges, prices, usage and payments ${verdicts.join(', ')}: ${proposed ?? 'no proposal'}`, () => {
    const diagnosis = billingCause(found(verdicts));
    assert.equal(diagnosis.proposed, proposed);
    const [names, { why, ruledOut }] = [['Charges.', 'Prices.', 'Usage.', 'Payments.'], diagnosis];
    for (const [index, name] of names.entries()) assert.equal(why.includes(name), verdicts[index] === 'faulty', name);
    assert.equal(ruledOut.length, verdicts.slice(1).filter(verdict => verdict === 'healthy').length);
  });

test('usage that is not durable may be lost by a rollout, and the reason says so', () => {
  const facts = { durable: 0.98 };
  const { why } = billingCause({ ...found([ok, ok, bad, ok]), usage: { ...finding(bad, 'Usage.'), facts } });
  assert.match(why, /a rollout may have lost it/);
});
