/** The part of the configuration that wakes people: which secrets it needs, what is half there, and whether it wakes anyone. */

import { type Connections, connectPagers } from '../activities/connectors/index.ts';
import type { Secrets } from '../activities/connectors/pager.ts';
import { nobody, type OnCall } from '../activities/people.ts';
import { type Platform, rolesOf } from '../activities/platform.ts';
import { recipientsOf, whyNobody } from '../activities/reaching.ts';
import { clock } from './clock.ts';

interface Variables {
  PAGERDUTY_EVENTS_URL: string;
  SMTP_URL?: string | undefined;
  MAIL_FROM?: string | undefined;
}

/** Names of the variables that the roles and their people need. */
export function pagingSecrets(platform: Platform, onCall: OnCall = nobody): Record<'pagerduty' | 'webhook', string[]> {
  const ways = rolesOf(platform)
    .flatMap(role => recipientsOf(platform, onCall, role))
    .flatMap(recipient => recipient.ways);
  const named = (kind: string) => [...new Set(ways.filter(({ by }) => by === kind).map(({ to }) => to))];
  return { pagerduty: named('pagerduty'), webhook: named('webhook') };
}

/** Roles of people that neither the shipped runbooks nor the platform description have: a slip of the pen would page no one. */
export const unknownRoles = (platform: Platform, onCall: OnCall = nobody): string[] =>
  Object.keys(onCall.roles).filter(role => !rolesOf(platform).includes(role));

/** @param secrets asked for every page, as who is on call may change */
export const pagersOf = ({ PAGERDUTY_EVENTS_URL: url, SMTP_URL, MAIL_FROM }: Variables, secrets: Secrets) => ({
  pagerduty: { url, routingKeys: secrets },
  webhook: { urls: secrets },
  ...(SMTP_URL && MAIL_FROM && { mail: { url: SMTP_URL, from: MAIL_FROM } }),
});

/** A partially configured way of paging is an error. */
export function halfPaging(
  { SMTP_URL, MAIL_FROM }: Variables,
  given: Record<string, string | undefined>,
  routes: string[],
): string[] {
  return [
    given['PAGERDUTY_EVENTS_URL'] &&
      !routes.some(route => given[route]) &&
      `${routes.join(' or ')} is missing, but PAGERDUTY_EVENTS_URL is set`,
    SMTP_URL && !MAIL_FROM && 'MAIL_FROM is missing, but SMTP_URL is set',
    MAIL_FROM && !SMTP_URL && 'SMTP_URL is missing, but MAIL_FROM is set',
  ].filter(fault => typeof fault === 'string');
}

/** That no incident wakes anyone, and why; nothing where the primary can be paged at some hour. */
export function nobodyToPage(platform: Platform, onCall: OnCall = nobody, connections: Connections): string | undefined {
  const why = whyNobody(connectPagers(connections, clock), recipientsOf(platform, onCall, 'primary'));
  return why && `No one can be paged: ${why}.`;
}
