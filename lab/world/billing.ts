/**
 * Who pays for what on the practice platform: customers, their cards and their plans, five weeks ago. What was charged since follows
 * from the payment provider's own clock; `overcharging` bills each period twice, `failing` lets every charge fail at the provider.
 */

import type { Kept } from '../stand-ins/stripe/objects.ts';

/** Minor units a month, as the platform grants them. */
const plans = { business: 29_900, premium: 99_900, luxury: 299_900 };
type Plan = keyof typeof plans;

/** The cards that do not simply pay, by the customer's number; `null` has none. */
const cards: Record<number, string | null> = {
  5: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  11: 'pm_card_visa_chargeDeclinedStolenCard',
  17: 'pm_card_createDispute',
  23: null,
};

const day = 86_400;
const customers = 24;

const planOf = (number: number): Plan => (number % 8 === 0 ? 'luxury' : number % 3 === 0 ? 'premium' : 'business');

export function seedBilling(kept: Kept, now: number): void {
  const begun = now - 35 * day;
  kept.count = 1;
  for (const [plan, unit_amount] of Object.entries(plans)) kept.prices[`price_${plan}`] = price(plan, unit_amount, begun);
  for (let number = 1; number <= customers; number += 1) {
    const id = `cus_practice${String(number).padStart(2, '0')}`;
    const method = number in cards ? (cards[number] ?? null) : 'pm_card_visa';
    kept.customers[id] = {
      id,
      object: 'customer',
      created: begun,
      livemode: false,
      name: `Practice customer ${number}`,
      email: `customer-${number}@example.com`,
      balance: 0,
      invoice_settings: { default_payment_method: method },
      metadata: {},
    };
    const plan = planOf(number);
    const sub = `sub_practice${String(number).padStart(2, '0')}`;
    const of = kept.prices[`price_${plan}`];
    // Each day of the last weeks, some are billed.
    const end = now - 34 * day + Math.floor((number * 33 * day) / customers);
    if (of) kept.subscriptions[sub] = subscription(sub, id, of, { begun, end });
  }
}

const price = (plan: string, unit_amount: number, created: number): Kept['prices'][string] => ({
  id: `price_${plan}`,
  object: 'price',
  created,
  livemode: false,
  active: true,
  currency: 'usd',
  unit_amount,
  billing_scheme: 'per_unit',
  lookup_key: plan,
  nickname: plan,
  product: `prod_${plan}`,
  type: 'recurring',
  recurring: { interval: 'month', interval_count: 1 },
  metadata: { plan },
});

const subscription = (
  id: string,
  customer: string,
  of: Kept['prices'][string],
  { begun, end }: { begun: number; end: number },
): Kept['subscriptions'][string] => ({
  id,
  object: 'subscription',
  created: begun,
  livemode: false,
  customer,
  currency: of.currency,
  status: 'active',
  items: {
    object: 'list',
    data: [
      {
        id: `si_${id.slice(4)}`,
        object: 'subscription_item',
        price: of,
        quantity: 1,
        current_period_start: end - 30 * day,
        current_period_end: end,
      },
    ],
    has_more: false,
    url: `/v1/subscription_items?subscription=${id}`,
  },
  pause_collection: null,
  latest_invoice: null,
  default_payment_method: null,
  collection_method: 'charge_automatically',
  metadata: {},
});
