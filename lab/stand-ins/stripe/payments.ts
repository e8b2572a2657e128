/**
 * Money taken from a customer's card: payment intents and their charges.
 *
 * Follows https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/declines/codes, and for the cards that are declined
 * or disputed https://docs.stripe.com/testing#declined-payments. A test card is a customer's payment method under its own name.
 */

import { z } from 'zod';
import { cards, type Decline, processing } from './cards.ts';
import { born, chargeOf, customerOf, happened, type Ledger, moved } from './ledger.ts';
import { listRoute, searchRoute } from './lists.ts';
import type { Charge, PaymentIntent } from './objects.ts';
import { invalid, missing, Refusal } from './refusals.ts';
import { type Route, route } from './route.ts';
import { amount, boolean, merged, metadata } from './sent.ts';

export interface Wanted {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
}

/** https://docs.stripe.com/api/payment_intents/create#create_payment_intent-amount: what a card takes at least. */
export function intended(ledger: Ledger, wanted: Wanted, method: string | null): PaymentIntent {
  if (wanted.amount < 50) throw invalid('Amount must be at least $0.50 usd', 'amount_too_small', 'amount');
  const intent: PaymentIntent = {
    ...born(ledger, 'pi', 'payment_intent'),
    ...wanted,
    amount_received: 0,
    latest_charge: null,
    last_payment_error: null,
    payment_method: method,
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
  };
  ledger.kept.payment_intents[intent.id] = intent;
  happened(ledger, 'payment_intent.created', intent);
  return intent;
}

/** Takes the money, or says why not: a charge stands for both. */
export function charged(ledger: Ledger, intent: PaymentIntent, method: string): Decline | undefined {
  const card = cards[method];
  if (card === undefined) throw missing('PaymentMethod', method, 'payment_method');
  const decline = ledger.state() === 'failing' ? processing : typeof card === 'object' ? card : undefined;
  const charge = chargeFor(ledger, intent, { method, decline, isDisputed: card === 'disputed' });
  ledger.kept.charges[charge.id] = charge;
  Object.assign(intent, { latest_charge: charge.id, ...(decline ? failed(decline) : paid(intent, method)) });
  happened(ledger, `charge.${charge.status}`, charge);
  happened(ledger, decline ? 'payment_intent.payment_failed' : 'payment_intent.succeeded', intent);
  moved(
    ledger,
    charge.customer ?? '',
    `charge ${charge.id}: ${charge.amount} ${charge.currency} ${decline?.code ?? 'succeeded'}`,
  );
  return decline;
}

interface Taken {
  method: string;
  decline: Decline | undefined;
  isDisputed: boolean;
}

function chargeFor(ledger: Ledger, intent: PaymentIntent, { method, decline, isDisputed }: Taken): Charge {
  const made = {
    ...born(ledger, 'ch', 'charge'),
    amount: intent.amount,
    amount_refunded: 0,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    outcome: outcomeOf(decline),
    payment_intent: intent.id,
    payment_method: method,
    refunded: false,
    metadata: intent.metadata,
  };
  const { amount: amount_captured } = intent;
  return decline
    ? { ...made, ...untaken, failure_code: decline.code, failure_message: decline.message }
    : { ...made, ...taken, amount_captured, disputed: isDisputed };
}

const untaken = { amount_captured: 0, captured: false, disputed: false, paid: false, status: 'failed' } as const;
const taken = { captured: true, failure_code: null, failure_message: null, paid: true, status: 'succeeded' } as const;

const outcomeOf = (decline: Decline | undefined): Charge['outcome'] =>
  decline
    ? {
        type: 'issuer_declined',
        network_status: 'declined_by_network',
        reason: decline.decline ?? decline.code,
        seller_message: 'The bank did not return any further details with this decline.',
      }
    : { type: 'authorized', network_status: 'approved_by_network', reason: null, seller_message: 'Payment complete.' };

const paid = ({ amount: amount_received }: PaymentIntent, payment_method: string) => ({
  status: 'succeeded',
  amount_received,
  last_payment_error: null,
  payment_method,
});

const failed = ({ code, decline, message }: Decline) => ({
  status: 'requires_payment_method',
  last_payment_error: { code, decline_code: decline, message },
});

/** https://docs.stripe.com/api/errors#errors-card_error */
export const declined = ({ code, decline, message }: Decline, intent: PaymentIntent) =>
  new Refusal(402, {
    type: 'card_error',
    code,
    decline_code: decline,
    message,
    charge: intent.latest_charge ?? undefined,
    payment_intent: structuredClone(intent),
  });

function confirm(ledger: Ledger, intent: PaymentIntent, method = intent.payment_method): PaymentIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    throw invalid(
      `You cannot confirm this PaymentIntent because it has already ${intent.status === 'succeeded' ? 'succeeded after being previously confirmed' : 'been canceled'}.`,
      'payment_intent_unexpected_state',
    );
  if (method === null)
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      'payment_intent_unexpected_state',
    );
  const decline = charged(ledger, intent, method);
  if (decline) throw declined(decline, intent);
  return intent;
}

const Create = z.strictObject({
  amount,
  currency: z.string(),
  customer: z.string().optional(),
  payment_method: z.string().optional(),
  confirm: boolean.optional(),
  off_session: boolean.optional(),
  description: z.string().optional(),
  metadata,
});
const Confirm = z.strictObject({ payment_method: z.string().optional(), off_session: boolean.optional() });
const Metadata = z.strictObject({ metadata, description: z.string().optional() });
const nothing = z.strictObject({});

function intentOf(ledger: Ledger, id: string): PaymentIntent {
  const found = ledger.kept.payment_intents[id];
  if (!found) throw missing('payment_intent', id);
  return found;
}

const chargesOf = ({ kept }: Ledger) => Object.values(kept.charges);
const intentsOf = ({ kept }: Ledger) => Object.values(kept.payment_intents);

export const paymentRoutes: Route[] = [
  listRoute('/v1/charges', chargesOf, {
    customer: ({ customer }, value) => customer === value,
    payment_intent: ({ payment_intent: intent }, value) => intent === value,
  }),
  searchRoute('/v1/charges/search', chargesOf),
  route('GET', '/v1/charges/:id', nothing, (_, ledger, id) => chargeOf(ledger, id)),
  route('POST', '/v1/charges/:id', Metadata, (sent, ledger, id) => {
    const charge = chargeOf(ledger, id);
    return Object.assign(charge, {
      metadata: merged(charge.metadata, sent.metadata),
      description: sent.description ?? charge.description,
    });
  }),
  listRoute('/v1/payment_intents', intentsOf, { customer: ({ customer }, value) => customer === value }),
  searchRoute('/v1/payment_intents/search', intentsOf),
  route('POST', '/v1/payment_intents', Create, (sent, ledger) => {
    const { customer, description = null, payment_method: method } = sent;
    if (customer) customerOf(ledger, customer, 'customer');
    const wanted = { amount: sent.amount, currency: sent.currency, customer: customer ?? null, description };
    const intent = intended(ledger, { ...wanted, metadata: merged({}, sent.metadata) }, method ?? null);
    return sent.confirm ? confirm(ledger, intent) : intent;
  }),
  route('GET', '/v1/payment_intents/:id', nothing, (_, ledger, id) => intentOf(ledger, id)),
  route('POST', '/v1/payment_intents/:id/confirm', Confirm, (sent, ledger, id) =>
    confirm(ledger, intentOf(ledger, id), sent.payment_method),
  ),
];
