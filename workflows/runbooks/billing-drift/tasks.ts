/** The tasks of Billing Drift that no action does: each with who has it, and the state that they confirm. */

export const inPlace = {
  owner: 'finance',
  confirm: 'Stripe has the prices of the reviewed list, and subscriptions are at them',
} as const;
export const inLedger = {
  owner: 'finance',
  confirm: 'The ledger has the reconciled values, and the former ones are kept',
} as const;
export const drafts = {
  owner: 'finance',
  confirm: 'At Stripe, subscriptions keep their invoices as drafts, and open ones wait',
} as const;
/** @param left the drafts that were there before */
export const released = (customers: string, left: string) =>
  ({
    owner: 'finance',
    confirm: `${customers} of the subscriptions make invoices again, and what stays a draft was reviewed. Before: ${left}`,
  }) as const;
export const asked = {
  owner: 'customer-success',
  confirm: 'Customers whose cards were declined were asked to update them',
  blocks: false,
} as const;
export const notDurable = {
  owner: 'finance',
  confirm: 'Finance has decided what the usage was, and corrected the charges',
} as const;
export const safeguard = {
  owner: 'platform',
  confirm: 'A check before charging refuses the charges of this incident',
  blocks: false,
} as const;
