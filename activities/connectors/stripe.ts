/** Stripe, the processor of payments (https://docs.stripe.com/api). Addresses and accounts of customers are not read. */

import { z } from 'zod';
import { plainAddress, printed } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { parsed, sender, type Wire } from './http.ts';
import { byHand, fine, type Line } from './line.ts';
import { stripeClient } from './stripe/client.ts';
import { readsOf, type StripeReads } from './stripe/reads.ts';
import { type StripeWrites, writesOf } from './stripe/writes.ts';
import { notConnected } from './system-error.ts';

/** Every call throws SystemError. */
export interface Stripe extends StripeReads, StripeWrites {
  address: string;
  /** The provider's own word, from its status page. */
  status: () => Promise<{ up: boolean; text: string }>;
}

export interface StripeConfig {
  url: string;
  key: string;
  statusUrl?: string | undefined;
}

const system = 'Stripe';
const page = 'The Stripe status page';
const current = z.looseObject({ largestatus: z.string().max(100), message: z.string().default('') });

export function connectStripe({ url, key, statusUrl }: StripeConfig, wire: Wire): Stripe {
  const client = stripeClient({ url, key }, wire);
  const send = sender(page, wire);
  return {
    address: printed(url),
    ...readsOf(client),
    ...writesOf(client),
    async status() {
      if (statusUrl === undefined) throw notConnected(page, 'STRIPE_STATUS_URL');
      const { largestatus, message } = parsed(page, current, await send(statusUrl));
      return { up: largestatus === 'up', text: message.slice(0, 200) };
    },
  };
}

async function examine({ system: stripe }: Seen<StripeConfig, Stripe>): Promise<Line> {
  if (!stripe) return byHand(system, 'STRIPE_API_KEY');
  await stripe.prices({ lookupKeys: ['none'] });
  return fine(system, `answers, and lets us in: ${stripe.address}.`);
}

const isBare = (address: string) => new URL(address).pathname === '/';

export const stripeSystem = describeSystem({
  variables: z.object({
    STRIPE_API_URL: plainAddress
      .refine(isBare, 'has a path: only a host, and a port where it needs one')
      .default('https://api.stripe.com')
      .register(documented, { means: 'the API of Stripe' }),
    STRIPE_API_KEY: text.optional().register(documented, {
      means:
        'a restricted key: reads charges, refunds, invoices, subscriptions, prices and events; writes refunds, credit notes, invoices, invoice items and subscriptions',
      without: 'charges are not checked, and people pause, correct and retry them in the dashboard of Stripe',
      secret: true,
    }),
    STRIPE_STATUS_URL: plainAddress.optional().register(documented, {
      means: 'the status page of Stripe as JSON',
      without: 'its own word about incidents is left out',
      example: 'https://status.stripe.com/current',
    }),
  }),
  configure: ({ STRIPE_API_URL: url, STRIPE_API_KEY: key, STRIPE_STATUS_URL: statusUrl }): StripeConfig | undefined =>
    key ? { url, key, statusUrl } : undefined,
  missing: ({ STRIPE_API_KEY: key }, { variables }) => [
    !key && variables['STRIPE_API_URL'] && 'STRIPE_API_KEY is missing, but STRIPE_API_URL is set',
  ],
  connect: connectStripe,
  examined: { name: system, examine },
});
