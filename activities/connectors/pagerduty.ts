/** PagerDuty Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview): one dedup_key is one page. */

import { z } from 'zod';
import { base, parsed, sender, type Wire } from './http.ts';
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
    const answer = await send(`${base(url)}/v2/enqueue`, {
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
  };
}
