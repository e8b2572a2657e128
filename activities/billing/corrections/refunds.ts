/**
 * Refunds of what a charge took too much. Twice equals once, also when Stripe has forgotten the key: ours is found by its metadata,
 * and what was refunded since the list was frozen, by whomever, counts against it.
 */

import type { Charge, Refund } from '../../connectors/stripe/objects.ts';
import type { ActionContext } from '../../engine/action.ts';
import type { ItemKey } from '../../engine/run-list.ts';
import { stopped } from '../../failures.ts';
import { type WrongCharge, wrongCharge } from '../items.ts';
import { booksOf } from '../sources.ts';
import { sumsText } from './caps.ts';
import { type Correction, effectOf, readAgain, sumsOf } from './correcting.ts';
import { isMarked, markOf } from './marks.ts';

export const refunds: Correction<WrongCharge> = {
  item: wrongCharge,
  nameOf: ({ charge }) => `Charge ${charge}`,
  field: 'refunds',
  moves: ({ excess, currency }) => ({ amount: excess, currency }),
  words(items, sum) {
    const customers = new Set(items.map(({ customer, charge }) => customer ?? charge)).size;
    const rules = [...Map.groupBy(items, ({ rule }) => rule)].map(([rule, those]) => `${rule} ${those.length}`);
    return {
      summary: `${sum} of ${items.length} charges are refunded to ${customers} customers.`,
      consequences: [
        `Why they are wrong: ${rules.join(', ')}.`,
        'A refund cannot be taken back: a wrong one is charged again by hand.',
        'What was refunded since the list was frozen is left out; disputed charges are left to finance.',
      ],
    };
  },
  one: refundOnce,
  measure: refunded,
};

/** @throws SystemError; `Refused` where the charge is not the one that was frozen */
async function refundOnce(item: WrongCharge, key: ItemKey, { deps }: ActionContext): Promise<string> {
  const { stripe } = booksOf(deps);
  const [before, charge] = await Promise.all([stripe.refunds({ charge: item.charge }), stripe.charge(item.charge)]);
  const ours = before.items.find(one => isMarked(one, key.item));
  if (ours) return isGone(ours) ? 'left: its refund failed at Stripe' : ours.id;
  refuseOther(charge, item);
  if (charge.disputed) return 'left: disputed';
  const amount = Math.min(item.excess - since(charge, item), charge.amount - charge.refunded);
  if (amount <= 0) return 'refunded already';
  const refund = await stripe.createRefund({ charge: item.charge, amount, metadata: markOf(key.item) }, key.try);
  if (!isGone(refund) && refund.amount === amount && refund.currency === item.currency) return refund.id;
  throw stopped('Refused', `Stripe made another refund than asked for: ${refund.id}, ${refund.status ?? 'no status'}.`);
}

/** https://docs.stripe.com/api/refunds/object#refund_object-status: the money came back to us. */
export const isGone = ({ status }: Refund) => status === 'failed' || status === 'canceled';

/** Refunded since it was frozen. */
const since = ({ refunded: now }: Charge, { refunded: before }: WrongCharge) => Math.max(0, now - before);

function refuseOther(charge: Charge, item: WrongCharge): void {
  const { amount, currency, customer } = item;
  const isSame = charge.amount === amount && charge.currency === currency && charge.customer === customer;
  if (isSame && charge.status === 'succeeded') return;
  throw stopped('Refused', 'at Stripe it has another amount, currency, customer or status than in the list.');
}

/** Every charge is read again. */
async function refunded(items: WrongCharge[], context: ActionContext) {
  const { stripe } = booksOf(context.deps);
  const seen = await readAgain(items, async item => backOf(await stripe.charge(item.charge), item), context);
  const good = seen.filter(({ isWhole }) => isWhole).length;
  const disputed = seen.filter(one => one.disputed).length;
  const left = disputed > 0 ? ` ${disputed} are disputed: finance decides about them.` : '';
  return effectOf(
    good,
    items.length,
    `${good} of ${items.length} charges are refunded as the list says, ${sumsText(sumsOf(seen))}.${left}`,
  );
}

const backOf = (charge: Charge, item: WrongCharge) => ({
  currency: charge.currency,
  amount: Math.min(item.excess, since(charge, item)),
  isWhole: since(charge, item) >= item.excess,
  disputed: charge.disputed && since(charge, item) < item.excess,
});
