/** Limits and blocks that people set, in Quota Exhaustion and API Rate Limit Exceeded: who does it, and what is so then; and the mail to whoever may use more. */

export const raised = {
  owner: 'customer-success',
  confirm: 'The quota or rate limit of each affected customer is raised for 30 days, to no more than the next tier has',
} as const;

/** In whichever round that was. */
export const toRaised = { text: 'limit-raised', to: 'customers whose quota it raised' } as const;

export const adjusted = {
  owner: 'primary',
  confirm: 'Limits of the API and of its settings are as reviewed in platform.json',
} as const;

export const plans = {
  owner: 'customer-success',
  confirm: 'Each customer whose limit does not match has the tier that is paid for',
} as const;

export const stricter = {
  owner: 'security',
  confirm: 'The sources of the list are limited for 24 hours, and no good customer is',
} as const;

export const blocked = {
  owner: 'security',
  confirm: 'The sources of the list are blocked for 24 hours: none is private, ours or allow-listed',
} as const;
