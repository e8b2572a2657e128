/** The rules that every charge is held to: a customer, one invoice, the currency, a plan, the price of its date, usage. Pure. */

import type { CreditNote, Invoice, InvoiceLine } from '../connectors/stripe/invoices.ts';
import type { Charge, Price } from '../connectors/stripe/objects.ts';
import type { Billing } from '../platform/billing.ts';
import { type Rule, rules, type WrongCharge } from './items.ts';
import { isOurs, itemKey, type JudgedLine, judgeLine } from './lines.ts';
import { customerOf } from './sources.ts';

export interface Books {
  /** The succeeded ones are judged. */
  charges: Charge[];
  invoices: Invoice[];
  prices: Map<string, Price>;
  /** Of these invoices; others too. */
  notes: CreditNote[];
  /** The platform's ids of customers with any usage; nothing where it is not known. */
  used: Set<string> | undefined;
}

export interface Judged {
  charges: number;
  /** Of these, what was too much and is not given back; oldest first. */
  wrong: WrongCharge[];
  /** Charges that took less than the price of their date. */
  tooLittle: number;
  /** Neither right nor wrong: tiers, discounts, a part of an invoice, or more lines than Stripe sends with it. */
  unjudged: number;
}

interface Fault {
  rule: Rule;
  excess: number;
  line?: JudgedLine | undefined;
}

export function judgeCharges({ charges, invoices, prices, notes, used }: Books, billing: Billing): Judged {
  const byPayment = new Map(invoices.flatMap(invoice => invoice.payments.map(payment => [payment, invoice] as const)));
  const judged: Judged = { charges: 0, wrong: [], tooLittle: 0, unjudged: 0 };
  /** By invoice, without what was refunded. */
  const paid = new Map<string, number>();
  const credited = creditedIn(notes);
  const billed = billedBefore({ charges, invoices }, billing);
  for (const charge of charges.filter(({ status }) => status === 'succeeded').toSorted(byTime)) {
    judged.charges += 1;
    const invoice = byPayment.get(charge.paymentIntent ?? charge.id);
    const lines = (invoice?.lines ?? []).map(line => judgeLine(line, line.from, prices, billing));
    const faults = faultsOf(charge, invoice, lines);
    const isPart = isPartOf(charge, invoice, faults);
    if (isPart || isUnjudged(invoice, lines)) judged.unjudged += 1;
    else if (faults.length === 0 && isTooLittle(invoice, lines)) judged.tooLittle += 1;
    const item = isPart ? undefined : itemOf(charge, invoice, faults, credited);
    if (item) judged.wrong.push(item);
  }
  return judged;

  function faultsOf(charge: Charge, invoice: Invoice | undefined, lines: JudgedLine[]): Fault[] {
    const whole = (rule: Rule): Fault[] => [{ rule, excess: charge.amount }];
    if (charge.customer === undefined) return whole('no customer');
    if (invoice === undefined) return isOurs(charge) ? [] : whole('no invoice');
    if (charge.currency !== billing.currency) return whole('currency');
    const before = paid.get(invoice.id);
    paid.set(invoice.id, (before ?? 0) + charge.amount - charge.refunded);
    if (before !== undefined) return overpaid(before + charge.amount - invoice.total);
    if (invoice.lines.length > 0 && invoice.lines.every(line => line.price === undefined && !isOurs(line)))
      return whole('no plan');
    return invoice.lines.flatMap((line, index) => (lines[index]?.unclear ? [] : faultOf(invoice, line, lines[index])));
  }

  function faultOf(invoice: Invoice, line: InvoiceLine, seen: JudgedLine | undefined): Fault[] {
    const customer = customerOf(billing, invoice);
    const key = itemKey(customer, line);
    const isAgain = billed.has(key) && line.amount > 0 && !isOurs(line);
    billed.add(key);
    if (isAgain) return [{ rule: 'duplicate', excess: line.amount, line: seen }];
    const isUnused = seen?.meter !== undefined && used !== undefined && customer !== undefined && !used.has(customer);
    if (isUnused && line.amount > 0) return [{ rule: 'no usage', excess: line.amount, line: seen }];
    return seen?.rule ? [{ rule: seen.rule, excess: seen.excess, line: seen }] : [];
  }
}

/** An invoice may be paid in parts: what is above its total is one payment too many. */
const overpaid = (excess: number): Fault[] => (excess > 0 ? [{ rule: 'duplicate', excess }] : []);

/** Too much in a line of it need not be in this part. */
const isPartOf = ({ amount }: Charge, invoice: Invoice | undefined, faults: Fault[]) =>
  invoice !== undefined && amount < invoice.total && faults.some(({ line }) => line !== undefined);

const isUnjudged = (invoice: Invoice | undefined, lines: JudgedLine[]) =>
  lines.some(({ unjudged }) => unjudged) || invoice?.hasAllLines === false;

/** Items of paid invoices whose charges are not among those that are judged. */
function billedBefore({ charges, invoices }: Pick<Books, 'charges' | 'invoices'>, billing: Billing): Set<string> {
  const judged = new Set(charges.map(({ id, paymentIntent }) => paymentIntent ?? id));
  const before = invoices.filter(({ status, payments }) => status === 'paid' && !payments.some(payment => judged.has(payment)));
  return new Set(before.flatMap(invoice => invoice.lines.map(line => itemKey(customerOf(billing, invoice), line))));
}

const byTime = (one: Charge, other: Charge) => one.created.localeCompare(other.created) || one.id.localeCompare(other.id);

const isTooLittle = (invoice: Invoice | undefined, judged: JudgedLine[]) =>
  judged.some(({ due }, index) => due > (invoice?.lines[index]?.amount ?? due));

/** By invoice, what notes credit beside the refunds that they name: no note says which line it is for. */
function creditedIn(notes: CreditNote[]): Map<string, number> {
  const credited = new Map<string, number>();
  for (const { invoice, status, total, refunded } of notes)
    if (invoice !== undefined && status !== 'void') credited.set(invoice, (credited.get(invoice) ?? 0) + total - refunded);
  return credited;
}

/** Whatever was refunded or credited before counts against it, and is used up by it. */
function itemOf(
  charge: Charge,
  invoice: Invoice | undefined,
  faults: Fault[],
  credited: Map<string, number>,
): WrongCharge | undefined {
  const { id, customer, amount, refunded, currency } = charge;
  const all = faults.reduce((sum, { excess }) => sum + excess, 0);
  const owed = Math.max(0, Math.min(all, amount) - refunded);
  const credit = Math.min(owed, credited.get(invoice?.id ?? '') ?? 0);
  if (invoice) credited.set(invoice.id, (credited.get(invoice.id) ?? 0) - credit);
  const excess = owed - credit;
  const [worst] = faults.toSorted((one, other) => rules.indexOf(one.rule) - rules.indexOf(other.rule));
  if (excess <= 0 || worst === undefined) return undefined;
  const { plan, price } = worst.line ?? {};
  const of = { charge: id, customer, invoice: invoice?.id, subscription: invoice?.subscription };
  return { ...of, amount, refunded, excess, currency, rule: worst.rule, price, plan };
}
