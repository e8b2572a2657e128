/** The facts of the checks of billing. Sums are minor units of the currency of the platform description. */

import type { Verdict } from '../../workflows/contract/vocabulary.ts';

/** Charges against the rules: a customer, a plan, the price of that date, usage, one invoice. */
export interface ChargesFacts {
  charges: number;
  /** Charges that break a rule. */
  wrong: number;
  /** Minor units that customers paid too much, what is refunded already left out. */
  overcharged: number;
  /** Customers of wrong charges. */
  customers: number;
  /** Wrong because the same was charged twice. */
  duplicates: number;
  /** Wrong because less was charged than the price of that date. */
  tooLittle: number;
  currency: string;
  /** The sum is above the limit of one person. */
  large: boolean;
  /** Part by which the sum deviates from the days before: -0.3 is 30% less; absent where they were not compared. */
  deviation: number | undefined;
  /** Of the dry run: part by which the next charging deviates from the reviewed prices; absent where none was asked for. */
  dryRun: number | undefined;
}

/** Jobs that charge now. */
export interface RunsFacts {
  running: number;
}

/** Sums that were given back of charges that were wrong. */
export interface CorrectedFacts {
  customers: number;
  /** Corrections that no customer was found of. */
  unowned: number;
  /** Items in the list; absent where none was frozen. */
  frozen: number | undefined;
}

/** Prices in force against the reviewed list. */
export interface PricingFacts {
  /** Plans whose price differs, at Stripe or at the platform. */
  differing: string[];
  /** Subscriptions at such a price. */
  subscriptions: number;
  /** RFC 3339: the last change of a price in the window; null where there was none. */
  changedAt: string | null;
  /** The version of the list that was judged by. */
  version: string;
}

/** Usage that was metered against quantities that were billed. */
export interface UsageBilledFacts {
  customers: number;
  /** Customers whose quantities differ by more than 2%. */
  differing: number;
  /** Part of the usage that lies in durable records, 0 to 1; absent where there was none. */
  durable: number | undefined;
  /** Minor units: what was billed too much, and too little. */
  overbilled: number;
  underbilled: number;
  currency: string;
  /** The sum is above the limit of one person. */
  large: boolean;
  /** Only where it was asked. */
  raised?: Partial<RaisedFacts> | undefined;
}

/** Customers with a quota above their tier, now. */
export interface RaisedFacts {
  raised: number;
  /** By tier: an invoice of the last 31 days is there, and has no line for it. */
  unpaid: Record<string, number>;
  /** Without an invoice. */
  unclear: number;
}

/** Invoices that are drafts now. */
export interface DraftsFacts {
  drafts: number;
  /** Minor units, by currency. */
  sums: Record<string, number>;
}

/** Payments, and why they fail. */
export interface PaymentsFacts {
  /** The provider's own word; absent where its page is not connected. */
  status: Verdict | undefined;
  /** Charges that failed in the window. */
  failed: number;
  /** Those that failed for reasons of the provider, and not of the customer's card. */
  providerFailed: number;
  /** The part that fails, against the seven days before: 3 is three times as many. */
  timesUsual: number | undefined;
  /** Events that no webhook took. */
  undelivered: number;
  /** The sum of those that may be tried again is above the limit of one person. */
  large: boolean;
}
