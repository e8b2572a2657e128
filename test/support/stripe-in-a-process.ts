/** The stand-in of Stripe in a process with a heap of its own, on a port. Arguments: how many charges it has, and how much faster its time runs. */

import { z } from 'zod';
import { listen } from '../../lab/stand-ins/listen.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../lab/stand-ins/stripe.ts';
import type { Kept } from '../../lab/stand-ins/stripe/objects.ts';

const [charges, speed] = z.tuple([z.coerce.number(), z.coerce.number()]).parse(process.argv.slice(2));

const record: string[] = [];
const around = surroundings({ now: () => Date.now() * speed, record: ({ text }) => record.push(text) });
const served = await listen('stripe', stripe(around, seeded), 0);

function seeded(kept: Kept, now: number): void {
  kept.count = 1;
  const customer = { object: 'customer', created: now, livemode: false, name: null, email: null, balance: 0 } as const;
  const settings = { invoice_settings: { default_payment_method: null }, metadata: {} };
  kept.customers['cus_many'] = { id: 'cus_many', ...customer, ...settings };
  for (let index = 0; index < charges; index += 1) kept.charges[`ch_${index}`] = charge(`ch_${index}`, now);
}

function charge(id: string, created: number): Kept['charges'][string] {
  return {
    id,
    object: 'charge',
    created,
    livemode: false,
    amount: 29_900,
    amount_captured: 29_900,
    amount_refunded: 0,
    captured: true,
    currency: 'usd',
    customer: 'cus_many',
    description: null,
    disputed: false,
    failure_code: null,
    failure_message: null,
    outcome: { type: 'authorized', network_status: 'approved_by_network', reason: null, seller_message: 'Payment complete.' },
    paid: true,
    payment_intent: null,
    payment_method: 'pm_card_visa',
    refunded: false,
    status: 'succeeded',
    metadata: {},
  };
}

process.send?.({ url: served.url });
process.on('message', () => process.send?.({ record: record.filter(text => text.startsWith('refund ')) }));
