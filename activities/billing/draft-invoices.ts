/** Invoices that are drafts at Stripe now: what charging that goes on would still ask of customers. Only counts and sums leave the list. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { bodyOf } from '../connectors/artifacts.ts';
import type { Invoice } from '../connectors/stripe/invoices.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { DraftsFacts } from './facts.ts';
import type { DraftsInput } from './inputs.ts';
import type { DraftInvoice } from './items.ts';
import { booksOf, money } from './sources.ts';

/** None has to be there, and none must not: it counts. @throws SystemError */
export async function draftInvoices(deps: Deps, { freeze: name }: DraftsInput): Promise<Finding<DraftsFacts>> {
  const { stripe } = booksOf(deps);
  const { items, isWhole } = await stripe.invoices({ status: 'draft' });
  const frozen = name === undefined ? undefined : await freeze(deps.systems.artifacts, name, items.map(itemOf));
  const facts = { drafts: items.length, sums: sumsOf(items) };
  const place = frozen && items.length > 0 ? ` Their list lies in the artifact store, ${bodyOf(frozen.digest)}.` : '';
  return {
    verdict: isWhole ? 'healthy' : 'unknown',
    evidence: `${isWhole ? '' : 'At least '}${items.length} invoices are drafts at Stripe${sumsText(facts.sums)}.${place}`,
    facts,
    frozen,
  };
}

const itemOf = ({ id, customer, subscription, total, currency, created }: Invoice): DraftInvoice => ({
  invoice: id,
  customer,
  subscription,
  amount: total,
  currency,
  created,
});

/** Minor units, by currency: sums of several are no sum. */
function sumsOf(invoices: Invoice[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { currency, total } of invoices) sums[currency] = (sums[currency] ?? 0) + total;
  return sums;
}

function sumsText(sums: Record<string, number>): string {
  const each = Object.entries(sums).map(([currency, sum]) => money(sum, currency));
  return each.length > 0 ? `, ${each.toSorted().join(' and ')}` : '';
}
