/** `expand[]`: an id becomes its object, in the lists of an answer too (`data.customer`). https://docs.stripe.com/api/expanding_objects */

import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { invalid } from './refusals.ts';
import type { Field } from './sent.ts';

const Loose = z.record(z.string(), z.unknown());
const atMost = 4;

/** @throws Refusal for a property that is no id */
export function expanded(ledger: Ledger, body: object, expand: Field | undefined): object {
  const paths = typeof expand === 'object' ? Object.values(expand).map(String) : [];
  return paths.reduce((done, path) => {
    const parts = path.split('.');
    if (parts.length > atMost)
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, undefined, 'expand');
    return Loose.parse(into(ledger, done, parts, path));
  }, body);
}

function into(ledger: Ledger, value: unknown, [first, ...rest]: string[], path: string): unknown {
  if (first === undefined) return typeof value === 'string' ? (found(ledger, value) ?? value) : value;
  if (Array.isArray(value)) return value.map(one => into(ledger, one, [first, ...rest], path));
  const whole = typeof value === 'string' ? found(ledger, value) : value;
  if (whole === null || whole === undefined) return value;
  const object = Loose.parse(whole);
  if (first === 'payments' && object['object'] === 'invoice')
    return { ...object, payments: into(ledger, payments(ledger, object), rest, path) };
  if (!(first in object)) throw invalid(`This property cannot be expanded (${path}).`, undefined, 'expand');
  return { ...object, [first]: into(ledger, object[first], rest, path) };
}

const payments = ({ kept }: Ledger, { id }: Record<string, unknown>) => ({
  object: 'list',
  url: '/v1/invoice_payments',
  has_more: false,
  data: Object.values(kept.invoice_payments).filter(({ invoice }) => invoice === id),
});

const found = ({ kept }: Ledger, id: string): object | undefined =>
  kept.customers[id] ??
  kept.charges[id] ??
  kept.invoices[id] ??
  kept.payment_intents[id] ??
  kept.prices[id] ??
  kept.refunds[id] ??
  kept.subscriptions[id];
