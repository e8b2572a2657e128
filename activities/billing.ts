/** Charges at Stripe against the reviewed prices and the metered usage. Customers and amounts stay in the artifact store. */

import { applyPricing } from './billing/apply-pricing.ts';
import { auditCharges } from './billing/audit-charges.ts';
import { checkRuns } from './billing/charging/runs.ts';
import { checkCorrected } from './billing/corrected.ts';
import { comparePricing } from './billing/compare-pricing.ts';
import { compareUsage } from './billing/compare-usage.ts';
import { correctCharges } from './billing/correct-charges.ts';
import { draftInvoices } from './billing/draft-invoices.ts';
import type {
  AuditInput,
  CorrectedInput,
  DraftsInput,
  PaymentsInput,
  PricingInput,
  RunsInput,
  UsageInput,
} from './billing/inputs.ts';
import { probePayments } from './billing/probe-payments.ts';
import { retryCharges } from './billing/retry-charges.ts';
import { setCharging } from './billing/set-charging.ts';
import { stopRuns } from './billing/stop-runs.ts';
import { checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';

/** By its name, so that undo finds it. */
export const billingActions = { setCharging, stopRuns, applyPricing, correctCharges, retryCharges };

export const billingActivities = (deps: Deps) => ({
  setCharging: asActivity(deps, setCharging),
  stopRuns: asActivity(deps, stopRuns),
  applyPricing: asActivity(deps, applyPricing),
  correctCharges: asActivity(deps, correctCharges),
  retryCharges: asActivity(deps, retryCharges),

  /** Jobs of the CronJob that charges which run though it is suspended, frozen as a list. Reads only. */
  chargingRuns: checking((input: RunsInput) => checkRuns(deps, input)),

  /** Every charge has a customer, a plan, the price of its date, usage and one invoice, and none is charged twice. Reads only. */
  auditCharges: checking((input: AuditInput) => auditCharges(deps, input)),

  /** The customers that our refunds and credit notes went to, each with own amounts. Reads only. */
  corrected: checking((input: CorrectedInput) => checkCorrected(deps, input)),

  /** Prices in force, at Stripe and at the platform, against the list that was reviewed. Reads only. */
  comparePricing: checking((input: PricingInput) => comparePricing(deps, input)),

  /** Usage that was metered against quantities that were billed, per customer. Reads only. */
  compareUsage: checking((input: UsageInput) => compareUsage(deps, input)),

  /** Invoices that are drafts at Stripe, counted, and frozen as a list for people. Reads only. */
  draftInvoices: checking((input: DraftsInput) => draftInvoices(deps, input)),

  /** The provider's own word, our probe, webhooks that it could not deliver, and why charges fail. Reads only. */
  probePayments: checking((input: PaymentsInput) => probePayments(deps, input)),
});
