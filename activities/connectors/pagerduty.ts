/** PagerDuty Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview): one dedup_key is one page. */

import { z } from 'zod';
import { recipientsOf, working } from '../reaching.ts';
import { rolesOf } from '../platform.ts';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { parsed, sender, type Wire } from './http.ts';
import { byHand, fine, type Line } from './line.ts';
import type { Pager, Secrets } from './pager.ts';
import { SystemError } from './system-error.ts';

export interface PagerDutyConfig {
  url: string;
  /** Routing keys by the name of the environment variable they came from. */
  routingKeys: Secrets;
}

const system = 'PagerDuty';
const queued = z.looseObject({ status: z.literal('success') });

/** A 202 means queued. How it ended stands in the log of the alert. */
export function connectPagerDuty({ url, routingKeys }: PagerDutyConfig, wire: Wire): Pager {
  const send = sender(system, wire);

  const enqueue = async (route: string, event: object) => {
    const routing_key = routingKeys(route);
    if (!routing_key)
      throw new SystemError({ system, fault: 'not connected', text: `has no routing key for this role: set ${route}` });
    const answer = await send(under(url, '/v2/enqueue'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ routing_key, ...event }),
    });
    parsed(system, queued, answer);
  };

  return {
    lacks: route => (routingKeys(route) ? undefined : `${route} is not set`),
    trigger: ({ to, dedupKey, summary, severity, details, link }) =>
      enqueue(to, {
        event_action: 'trigger',
        dedup_key: dedupKey,
        payload: { summary, severity, source: 'nqba-runbooks', custom_details: details },
        ...(link && { links: [link] }),
      }),
    resolve: ({ to, dedupKey, summary }) =>
      enqueue(to, {
        event_action: 'resolve',
        dedup_key: dedupKey,
        payload: { summary, severity: 'info', source: 'nqba-runbooks' },
      }),
    acknowledge: ({ to, dedupKey }) => enqueue(to, { event_action: 'acknowledge', dedup_key: dedupKey }),
  };
}

/** Its Events API has nothing that can be read: that it answers at all is what can be known without a page. */
async function examine({ platform, onCall, system: pagerduty, config, wire }: Seen<PagerDutyConfig, Pager>): Promise<Line> {
  const recipients = rolesOf(platform).flatMap(role => working({ pagerduty }, recipientsOf(platform, onCall, role)));
  if (!config || recipients.length === 0) return byHand(system, 'a routing key (see Paging)');
  const { url } = config;
  const { status } = await sender(system, wire)(under(url, ''));
  if (status >= 500) throw new SystemError({ system, fault: 'answered', status, text: `answered ${status}` });
  return fine(system, `answers at ${printed(url)}. Whether it takes the routing key, only a page shows.`);
}

export const pagerdutySystem = describeSystem({
  variables: z.object({
    PAGERDUTY_EVENTS_URL: webAddress
      .default('https://events.pagerduty.com')
      .register(documented, { means: 'EU: https://events.eu.pagerduty.com' }),
    PAGERDUTY_ROUTING_KEY: text.optional().register(documented, {
      means: 'Events v2; platform.json may name other variables for other roles',
      without:
        '**no one is paged** but the people of [`roles.json`](paging.md); without those the page becomes text to paste, and with `NODE_ENV=production` the worker refuses to start',
      secret: true,
    }),
  }),
  configure: ({ PAGERDUTY_EVENTS_URL: url }, { secrets }) => ({ url, routingKeys: secrets }),
  missing: (_, { variables, named: { pagerduty: routes = [] } }) => [
    variables['PAGERDUTY_EVENTS_URL'] &&
      !routes.some(route => variables[route]) &&
      `${routes.join(' or ')} is missing, but PAGERDUTY_EVENTS_URL is set`,
  ],
  connect: connectPagerDuty,
  examined: { name: system, examine },
});
