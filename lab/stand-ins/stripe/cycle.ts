/**
 * What an account does by itself as time goes by: subscriptions make invoices, drafts are finalised an hour later and paid, open ones
 * tried again; refunds to some cards fail.
 *
 * Follows https://docs.stripe.com/billing/subscriptions/overview, and while collection is paused
 * https://docs.stripe.com/billing/subscriptions/pause-payment: invoices are still made, and what was open before is tried all the same.
 */

import { addLine, drafted, finalised, methodOf, paidNow, tryLater } from './billed.ts';
import { born, happened, type Ledger } from './ledger.ts';
import type { Invoice, Price, Subscription } from './objects.ts';
import { forget } from './answers.ts';
import { failedLater } from './refunds.ts';
import { Refusal } from './refusals.ts';

const days = { day: 1, week: 7, month: 30, year: 365 };

/** Months have thirty days here. */
export const periodAfter = (start: number, { recurring }: Price): number =>
  start + (recurring ? days[recurring.interval] * recurring.interval_count : 30) * 86_400;

type Item = Subscription['items']['data'][number];

export function subscriptionLine(
  ledger: Ledger,
  invoice: Invoice,
  { price, quantity, current_period_start, current_period_end }: Item,
): void {
  const { id } = born(ledger, 'il', 'line_item');
  addLine(invoice, {
    id,
    object: 'line_item',
    amount: price.unit_amount * quantity,
    currency: price.currency,
    description: price.nickname,
    quantity,
    period: { start: current_period_start, end: current_period_end },
    pricing: {
      type: 'price_details',
      price_details: { price: price.id, product: price.product },
      unit_amount_decimal: String(price.unit_amount),
    },
    discount_amounts: [],
    metadata: {},
  });
}

const hourOf = (seconds: number) => Math.floor(seconds / 3_600);

/** Seconds; Stripe says only “some time later”. */
const untilFailed = 3_600;

interface Due {
  at: number;
  carryOut: () => void;
}

/** Does what was due until now, the earliest first; each at its own moment. */
export function caughtUp(ledger: Ledger, now: number, at: (moment: number) => void): void {
  const before = ledger.now();
  for (;;) {
    const next = earliest(ledger, now);
    if (!next) break;
    at(next.at);
    next.carryOut();
  }
  at(now);
  if (hourOf(before) !== hourOf(now)) forget(ledger.kept, now);
}

function earliest(ledger: Ledger, now: number): Due | undefined {
  const { kept } = ledger;
  const due: Due[] = [];
  const offer = (at: number | null | undefined, carryOut: () => void) => {
    if (typeof at === 'number' && at <= now) due.push({ at, carryOut });
  };
  for (const subscription of Object.values(kept.subscriptions)) {
    offer(subscription.pause_collection?.resumes_at, () => {
      subscription.pause_collection = null;
    });
    if (subscription.status === 'active')
      offer(subscription.items.data[0]?.current_period_end, () => renew(ledger, subscription));
  }
  for (const invoice of Object.values(kept.invoices)) {
    if (invoice.status === 'draft') offer(invoice.automatically_finalizes_at, () => advance(ledger, invoice));
    if (invoice.status === 'open') offer(invoice.next_payment_attempt, () => attempt(ledger, invoice));
  }
  for (const refund of kept.failing_refunds.flatMap(id => kept.refunds[id] ?? []))
    offer(refund.created + untilFailed, () => failedLater(ledger, refund));
  return due.toSorted((one, other) => one.at - other.at)[0];
}

/** A state of practice makes each period's invoice twice. */
function renew(ledger: Ledger, subscription: Subscription): void {
  const { items, customer, currency, id, pause_collection: pause } = subscription;
  const [first] = items.data;
  if (!first) return;
  const period = { start: first.current_period_start, end: first.current_period_end };
  for (const item of items.data) {
    item.current_period_start = item.current_period_end;
    item.current_period_end = periodAfter(item.current_period_start, item.price);
  }
  for (let made = 0; made < (ledger.state() === 'overcharging' ? 2 : 1); made += 1) {
    const plan = { customer, currency, autoAdvance: pause === null, reason: 'subscription_cycle' as const };
    const invoice = drafted(ledger, { ...plan, subscription: id, period });
    for (const item of items.data) subscriptionLine(ledger, invoice, item);
    subscription.latest_invoice = invoice.id;
    if (pause && pause.behavior !== 'keep_as_draft') ended(ledger, invoice, pause.behavior);
  }
}

function ended(ledger: Ledger, invoice: Invoice, behavior: 'mark_uncollectible' | 'void'): void {
  finalised(ledger, invoice);
  const status = behavior === 'void' ? 'void' : 'uncollectible';
  Object.assign(invoice, { status, auto_advance: false, next_payment_attempt: null });
  happened(ledger, status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', invoice);
}

function advance(ledger: Ledger, invoice: Invoice): void {
  finalised(ledger, invoice);
  if (invoice.status === 'open') attempt(ledger, invoice);
}

function attempt(ledger: Ledger, invoice: Invoice): void {
  if (methodOf(ledger, invoice) === null) {
    invoice.attempt_count += 1;
    tryLater(ledger, invoice);
    return;
  }
  try {
    paidNow(ledger, invoice);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
