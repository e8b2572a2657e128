/**
 * Money given back: in parts, and never more than what is left of a charge. Follows https://docs.stripe.com/api/refunds/create and
 * https://docs.stripe.com/error-codes (`charge_already_refunded`, `charge_disputed`, `amount_too_large`); a refund of one test card
 * succeeds, and fails some time later (https://docs.stripe.com/refunds#failed-refunds).
 */

import { z } from 'zod';
import { cards } from './cards.ts';
import { born, chargeOf, happened, type Ledger, moved } from './ledger.ts';
import { listRoute } from './lists.ts';
import type { Charge, Refund } from './objects.ts';
import { invalid, missing, money } from './refusals.ts';
import { type Route, route } from './route.ts';
import { amount, merged, metadata } from './sent.ts';

const reason = z.enum(['duplicate', 'fraudulent', 'requested_by_customer']);
const Create = z.strictObject({
  amount: amount.optional(),
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
  reason: reason.optional(),
  metadata,
});
const Update = z.strictObject({ metadata });

/** @throws Refusal */
export function refunded(
  ledger: Ledger,
  charge: Charge,
  wanted: Pick<Refund, 'reason' | 'metadata'> & { amount?: number | undefined },
) {
  const { id, amount: whole, amount_refunded: before, currency } = charge;
  const left = whole - before;
  if (charge.status !== 'succeeded') throw invalid(`Charge ${id} has not succeeded; cannot issue a refund.`, undefined, 'charge');
  if (charge.disputed) throw invalid(`Charge ${id} has been charged back; cannot issue a refund.`, 'charge_disputed');
  if (left === 0) throw invalid(`Charge ${id} has already been refunded.`, 'charge_already_refunded');
  const { amount: back = left } = wanted;
  if (back < 1) throw invalid('This value must be greater than or equal to 1.', 'parameter_invalid_integer', 'amount');
  if (back > left) {
    const of = before === 0 ? 'charge amount' : 'unrefunded amount on charge';
    throw invalid(
      `Refund amount (${money(back, currency)}) is greater than ${of} (${money(left, currency)})`,
      'amount_too_large',
      'amount',
    );
  }
  const head = born(ledger, 're', 'refund');
  const { reason: why, metadata: kept } = wanted;
  const refund: Refund = {
    ...head,
    amount: back,
    charge: id,
    currency,
    payment_intent: charge.payment_intent,
    reason: why,
    status: 'succeeded',
    metadata: kept,
  };
  ledger.kept.refunds[refund.id] = refund;
  if (cards[charge.payment_method ?? ''] === 'refund fails') ledger.kept.failing_refunds.push(refund.id);
  Object.assign(charge, { amount_refunded: before + back, refunded: back === left });
  happened(ledger, 'refund.created', refund);
  happened(ledger, 'charge.refunded', charge);
  moved(ledger, charge.customer ?? '', `refund ${refund.id}: ${back} ${currency} of ${id}`);
  return refund;
}

/** The money is with us again, and the charge is as before. */
export function failedLater(ledger: Ledger, refund: Refund): void {
  const charge = chargeOf(ledger, refund.charge);
  ledger.kept.failing_refunds = ledger.kept.failing_refunds.filter(id => id !== refund.id);
  refund.status = 'failed';
  Object.assign(charge, { amount_refunded: charge.amount_refunded - refund.amount, refunded: false });
  happened(ledger, 'refund.failed', refund);
  moved(ledger, charge.customer ?? '', `failed refund ${refund.id}: ${refund.amount} ${refund.currency} of ${charge.id}`);
}

function refundOf({ kept }: Ledger, id: string): Refund {
  const found = kept.refunds[id];
  if (!found) throw missing('refund', id);
  return found;
}

const chargeBehind = (ledger: Ledger, intent: string) => {
  const found = ledger.kept.payment_intents[intent];
  if (!found) throw missing('payment_intent', intent, 'payment_intent');
  const { latest_charge: latest } = found;
  if (latest === null)
    throw invalid(`The PaymentIntent ${intent} does not have a successful charge to refund.`, 'resource_missing');
  return latest;
};

export const refundRoutes: Route[] = [
  listRoute('/v1/refunds', ({ kept }) => Object.values(kept.refunds), {
    charge: ({ charge }, value) => charge === value,
    payment_intent: ({ payment_intent: intent }, value) => intent === value,
  }),
  route('POST', '/v1/refunds', Create, (sent, ledger) => {
    const id = sent.charge ?? (sent.payment_intent === undefined ? undefined : chargeBehind(ledger, sent.payment_intent));
    if (id === undefined)
      throw invalid('One of the following params should be provided for this request: payment_intent or charge.');
    const { amount: back, reason: why = null } = sent;
    return refunded(ledger, chargeOf(ledger, id, 'charge'), { amount: back, reason: why, metadata: merged({}, sent.metadata) });
  }),
  route('GET', '/v1/refunds/:id', z.strictObject({}), (_, ledger, id) => refundOf(ledger, id)),
  route('POST', '/v1/refunds/:id', Update, (sent, ledger, id) => {
    const refund = refundOf(ledger, id);
    return Object.assign(refund, { metadata: merged(refund.metadata, sent.metadata) });
  }),
];
