/** The activities about charges that a runbook may call, in words. */

import type { Described } from './described.ts';

type Name =
  | 'setCharging'
  | 'applyPricing'
  | 'correctCharges'
  | 'stopRuns'
  | 'retryCharges'
  | 'auditCharges'
  | 'corrected'
  | 'comparePricing'
  | 'compareUsage'
  | 'chargingRuns'
  | 'draftInvoices'
  | 'probePayments';

const since = 'RFC 3339, how long ago, such as 24 hours, or 24 hours before a time';

export const charges: { readonly [N in Name]: Described<N> } = {
  setCharging: {
    subject: 'billing',
    does: 'Suspends the CronJob that charges, or lets it go on for a twentieth or all of the customers; names its Jobs that run, or are suspended where it goes on, and counts what Stripe bills by itself',
    input: { customers: "'0%', '5%' or '100%'" },
    asks: 'always where charging goes on; where too much charged is not measured, or something is not known',
    undo: 'restores what was before; it stays until people decide',
  },
  stopRuns: {
    subject: 'billing',
    does: 'Suspends the Jobs of a list that a check froze: Kubernetes ends their pods and keeps the Jobs',
    input: { list: 'the name under which a check froze them' },
    asks: 'always',
    undo: 'none: a Job that goes on begins again, so finance decides it',
  },
  applyPricing: {
    subject: 'billing',
    does: 'Puts a reviewed price list of platform.json in force at the platform, by its version; its plan says which plans and how many customers get another price, and what differs at Stripe',
    input: { version: "'reviewed' (the newest that is in force), or a version of billing.prices" },
    asks: 'always',
    undo: 'puts the former version in force; it stays until people decide',
  },
  correctCharges: {
    subject: 'billing',
    does: 'Corrects the charges of a list that a check froze, twenty at a time, within the caps of an incident and a day; what was refunded since is left out, disputed ones are left to finance, and above 10,000 the second person of the step approves too',
    input: {
      list: 'the name under which a check froze them',
      as: "'refund', 'credit-note' (accounts for refunds of this incident), or 'usage' (credits what was billed above the metered usage)",
    },
    asks: 'always',
    undo: 'none: a wrong refund is charged again by hand, a wrong credit note voided there',
  },
  retryCharges: {
    subject: 'billing',
    does: 'Tries charges of a list again that a check froze, twenty at a time, within the caps of an incident and a day; what was declined since, and customers with a disputed or stolen card, are left to finance; above 10,000 the second person of the step approves too',
    input: { list: 'the name under which a check froze them' },
    asks: 'always',
    undo: 'none: a charge that succeeded is only refunded',
  },
  auditCharges: {
    subject: 'billing',
    does: 'Checks that each charge has a customer, a plan, the price of its date, usage and one invoice, and that none is charged twice',
    input: {
      since,
      days: 'optional; compares the sum, plans and hours with so many days before: a fifth more or less is faulty',
      dryRun: 'optional; true adds the next charging: more than 5% off the reviewed prices is faulty',
      freeze: 'optional; the name under which charges that took too much are frozen for an action',
    },
  },
  corrected: {
    subject: 'billing',
    does: 'Checks which customers our refunds and credit notes went to, each with own amounts and days; a refund that failed and a note that was voided are left out',
    input: { since, freeze: 'optional; the name under which customers and amounts are frozen for a mail' },
  },
  comparePricing: {
    subject: 'billing',
    does: 'Checks that the prices in force, at Stripe and at the platform, are those of the reviewed list, and that none changed lately',
    input: {
      since: 'optional; how far back a change counts, 7 days unless told',
      of: "optional; 'Stripe': there alone",
    },
  },
  compareUsage: {
    subject: 'billing',
    does: 'Checks that what was billed is what was metered: at most 1% of customers differ by more than 2%',
    input: {
      since,
      rebuild: 'optional; true takes durable records alone, and must cover 99% of the usage',
      raised: 'optional; true checks too whether quotas above the tier of their customer are paid for',
      freeze: 'optional; the name under which the differences are frozen for an action; none below 99%',
    },
  },
  chargingRuns: {
    subject: 'billing',
    does: 'Checks that no Job of the CronJob that charges runs while it is suspended',
    input: { freeze: 'optional; the name under which those that run are frozen for an action' },
  },
  draftInvoices: {
    subject: 'billing',
    does: 'Counts the invoices that are drafts at Stripe, and adds them up by currency',
    input: { freeze: 'optional; the name under which they are frozen for people' },
  },
  probePayments: {
    subject: 'billing',
    does: "Checks Stripe's own word, that it answers, that webhooks arrive, and that charges do not fail for its reasons",
    input: {
      since: 'optional; RFC 3339, or how long ago, 1 hour unless told',
      freeze: 'optional; the name under which charges that failed for reasons of the provider are frozen for an action',
    },
  },
};
