/** Charges of a time against the days before it, by plan and by hour: where there are enough of them to say so. Pure. */

import type { Invoice } from '../connectors/stripe/invoices.ts';
import type { Charge, Price } from '../connectors/stripe/objects.ts';
import { percent } from './sources.ts';

/** A fifth more or less. */
const most = 0.2;
/** Charges that are usual in a group: fewer say nothing. */
const fewest = 20;
const aDay = 86_400_000;

export interface Deviation {
  /** `plan business`, `hour 03 UTC`, `all`. */
  group: string;
  /** 0.5 is half as much again; -1 is none. */
  part: number;
}

interface Spans {
  since: number;
  now: number;
  days: number;
}

interface Sum {
  now: number;
  before: number;
  countBefore: number;
}

/** The largest first; those that are large enough to count. */
export function deviationsOf(charges: Charge[], planOf: (charge: Charge) => string | undefined, spans: Spans): Deviation[] {
  if (spans.days === 0) return [];
  const sums = new Map<string, Sum>();
  const succeeded = charges.filter(({ status }) => status === 'succeeded');
  for (const charge of succeeded)
    for (const group of groupsOf(charge, planOf(charge))) {
      const sum = sums.get(group) ?? { now: 0, before: 0, countBefore: 0 };
      const isNow = Date.parse(charge.created) >= spans.since;
      if (isNow) sum.now += charge.amount;
      else sum.before += charge.amount;
      if (!isNow) sum.countBefore += 1;
      sums.set(group, sum);
    }
  const share = (spans.now - spans.since) / (spans.days * aDay);
  return [...sums]
    .filter(([, { before, countBefore }]) => before > 0 && countBefore * share >= fewest)
    .map(([group, { now, before }]) => ({ group, part: now / (before * share) - 1 }))
    .toSorted((one, other) => Math.abs(other.part) - Math.abs(one.part));
}

const groupsOf = ({ created }: Charge, plan: string | undefined) => [
  'all',
  `hour ${created.slice(11, 13)} UTC`,
  ...(plan === undefined ? [] : [`plan ${plan}`]),
];

export const isDeviant = ({ part }: Deviation) => Math.abs(part) > most;

export const deviationText = ({ group, part }: Deviation) => `${group} ${part > 0 ? '+' : ''}${percent(part)}`;

/** The plan of the invoice that a charge paid. */
export function plansOf(invoices: Invoice[], prices: Map<string, Price>): (charge: Charge) => string | undefined {
  const byPayment = new Map(invoices.flatMap(invoice => invoice.payments.map(payment => [payment, invoice] as const)));
  return ({ id, paymentIntent }) => {
    const lines = byPayment.get(paymentIntent ?? id)?.lines ?? [];
    return lines.flatMap(({ price }) => (price === undefined ? [] : (prices.get(price)?.lookupKey ?? [])))[0];
  };
}
