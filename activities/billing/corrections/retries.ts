/**
 * Open invoices whose charge failed for a reason of the provider are tried again. Twice equals once: a paid invoice is not paid again,
 * whoever paid it, and what the bank has answered since is not asked again.
 */

import type { Stripe } from '../../connectors/stripe.ts';
import { stripeCode } from '../../connectors/stripe/client.ts';
import type { Invoice } from '../../connectors/stripe/invoices.ts';
import type { Charge } from '../../connectors/stripe/objects.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { ActionContext } from '../../engine/action.ts';
import type { ItemKey } from '../../engine/run-list.ts';
import { stopped } from '../../failures.ts';
import { type FailedCharge, failedCharge } from '../items.ts';
import { isFailed, isOfProvider, isOfStolenCard, isReasonOfProvider, reasonOf } from '../provider-failures.ts';
import { booksOf } from '../sources.ts';
import { type Correction, effectOf, leftIn, readAgain } from './correcting.ts';
import { isMarked, markOf } from './marks.ts';

/** A card that was disputed or reported as stolen so long ago still is. */
const memory = 90 * 86_400_000;

export const retries: Correction<FailedCharge> = {
  item: failedCharge,
  nameOf: ({ invoice }) => `Invoice ${invoice}`,
  field: 'charges to try',
  moves: ({ amount, currency }) => ({ amount, currency }),
  words(items, sum) {
    refuseDeclined(items);
    const reasons = [...Map.groupBy(items, ({ reason }) => reason)].map(([reason, those]) => `${reason} ${those.length}`);
    return {
      summary: `${items.length} open invoices are tried again, ${sum}.`,
      consequences: [
        `Why they failed: ${reasons.join(', ')}.`,
        'A charge that succeeds can only be refunded.',
        'What the bank has declined since, and customers with a disputed or stolen card, are left to finance.',
      ],
    };
  },
  one: retryOnce,
  measure: paid,
};

/** @throws `Refused` */
function refuseDeclined(items: FailedCharge[]): void {
  const declined = items.filter(({ reason }) => !isReasonOfProvider(reason));
  if (declined.length === 0) return;
  const reasons = [...new Set(declined.map(({ reason }) => reason))].slice(0, 3).join(', ');
  throw stopped(
    'Refused',
    `${declined.length} of the list were declined, and not failed at the provider (${reasons}): those are never tried again. Nothing was changed: repeat the check that froze the list, then retry.`,
  );
}

/** @throws SystemError; `Refused` where the invoice is not the one that was frozen */
async function retryOnce(item: FailedCharge, key: ItemKey, { deps }: ActionContext): Promise<string> {
  const { stripe } = booksOf(deps);
  const invoice = await stripe.invoice(item.invoice);
  const isOurs = isMarked(invoice, key.item);
  if (invoice.status === 'paid') return isOurs ? 'paid' : 'paid otherwise';
  if (invoice.status !== 'open') return `left: ${invoice.status ?? 'gone'}`;
  if (invoice.remaining !== item.amount || invoice.currency !== item.currency)
    throw stopped('Refused', 'it asks for another amount or currency than in the list.');
  const why = await whyNot(stripe, invoice, item, deps.now());
  if (why !== undefined) return `left: ${why}`;
  // Marked twice is marked once, and Stripe repeats for a day what it once answered under a key, errors too.
  if (!isOurs) await stripe.noteOnInvoice(item.invoice, markOf(key.item), `${key.try}/mark/${deps.now()}`);
  return pay(stripe, item, key);
}

/** Judged by all that Stripe knows of the customer now, and not only by the charge that failed. */
async function whyNot(stripe: Stripe, invoice: Invoice, item: FailedCharge, now: number): Promise<string | undefined> {
  const frozen = await stripe.charge(item.charge);
  const customer = invoice.customer ?? frozen.customer;
  const all = customer === undefined ? undefined : await stripe.charges({ customer, since: now - memory });
  if (all?.isWhole === false) return 'too many charges to know';
  const charges = all?.items ?? [frozen];
  if (charges.some(({ disputed }) => disputed)) return 'disputed';
  if (charges.some(isOfStolenCard)) return 'stolen card';
  const last = lastOf(charges, invoice) ?? frozen;
  return isFailed(last) && isOfProvider(last) ? undefined : `declined (${reasonOf(last)})`;
}

/** The newest charge for an invoice: Stripe lists the newest first. */
const lastOf = (charges: Charge[], { payments }: Invoice) =>
  charges.find(({ id, paymentIntent }) => payments.includes(paymentIntent ?? id));

/** @throws SystemError where it fails for a reason of the provider, or for none that we know */
async function pay(stripe: Stripe, { invoice: id }: FailedCharge, key: ItemKey): Promise<string> {
  try {
    const { status } = await stripe.payInvoice(id, key.try);
    if (status === 'paid') return 'paid';
  } catch (error) {
    const answer = error instanceof SystemError ? await ofCustomer(stripe, id, error) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
  throw stopped('Refused', 'Stripe took the call, and it is not paid.');
}

/** Declined by the bank, or nothing to pay with: an answer like any other. */
async function ofCustomer(stripe: Stripe, id: string, error: SystemError): Promise<string | undefined> {
  if (error.status === 400 && stripeCode(error) === 'resource_missing') return 'left: no payment method';
  if (error.status !== 402) return undefined;
  const invoice = await stripe.invoice(id);
  const { customer } = invoice;
  const charges = customer === undefined ? [] : (await stripe.charges({ customer })).items;
  const last = lastOf(charges, invoice);
  return last && !isOfProvider(last) ? `left: declined (${reasonOf(last)})` : undefined;
}

/** Every invoice is read again. */
async function paid(items: FailedCharge[], context: ActionContext, results: string[]) {
  const { stripe } = booksOf(context.deps);
  const seen = await readAgain(items, async ({ invoice }) => (await stripe.invoice(invoice)).status, context);
  const good = seen.filter(status => status === 'paid').length;
  const text = [`${good} of ${items.length} invoices are paid`, ...leftIn(results)].join('; ');
  return effectOf(good, items.length, `${text}.`);
}
