/** Limits and blocks that people set, in Quota Exhaustion and API Rate Limit Exceeded: who does it, and what is so then. */

export const essential = {
  owner: 'primary',
  confirm: 'Routes of low priority and the free tier are limited to half for 30 minutes, and essential routes are not',
  by: '30 minutes',
} as const;

export const stricter = {
  owner: 'security',
  confirm: 'The sources of the list are limited for 24 hours, and no good customer is',
} as const;

export const blocked = {
  owner: 'security',
  confirm: 'The sources of the list are blocked for 24 hours: none is private, ours or allow-listed',
} as const;
