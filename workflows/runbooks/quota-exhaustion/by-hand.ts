/** Limits and blocks that people set, in Quota Exhaustion and API Rate Limit Exceeded: who does it, and what is so then. */

export const stricter = {
  owner: 'security',
  confirm: 'The sources of the list are limited for 24 hours, and no good customer is',
} as const;

export const blocked = {
  owner: 'security',
  confirm: 'The sources of the list are blocked for 24 hours: none is private, ours or allow-listed',
} as const;
