/** PagerDuty Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview): one dedup_key is one page. */

import { z } from 'zod';
import { base, parsed, sender, type Wire } from './http.ts';
import { SystemError } from './system-error.ts';

export interface Page {
  /** Name of the routing key, as the platform's roles give it; never the key. */
  route: string;
  /** At most 255 characters; a repeat updates the same page. */
  dedupKey: string;
  /** At most 1024 characters. */
  summary: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  details: Record<string, string>;
  link?: { href: string; text: string };
}

/** Every call throws SystemError. A 202 means queued, not yet read by anybody. */
export interface PagerDuty {
  /** The names of the routing keys that are set. */
  routes: readonly string[];
  trigger: (page: Page) => Promise<void>;
  /** @param page its note, at most 1024 characters, stands in the log of the alert */
  resolve: (page: Pick<Page, 'route' | 'dedupKey'> & { note: string }) => Promise<void>;
}

export interface PagerDutyConfig {
  url: string;
  /** Routing keys by the name of the environment variable they came from. */
  routingKeys: Record<string, string>;
}

const system = 'PagerDuty';
const queued = z.looseObject({ status: z.literal('success') });

export function connectPagerDuty({ url, routingKeys }: PagerDutyConfig, wire: Wire): PagerDuty {
  const send = sender(system, wire);

  const enqueue = async (route: string, event: object) => {
    const routing_key = routingKeys[route];
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
    routes: Object.keys(routingKeys),
    trigger: ({ route, dedupKey, summary, severity, details, link }) =>
      enqueue(route, {
        event_action: 'trigger',
        dedup_key: dedupKey,
        payload: { summary, severity, source: 'nqba-runbooks', custom_details: details },
        ...(link && { links: [link] }),
      }),
    resolve: ({ route, dedupKey, note }) =>
      enqueue(route, {
        event_action: 'resolve',
        dedup_key: dedupKey,
        payload: { summary: note, severity: 'info', source: 'nqba-runbooks' },
      }),
  };
}
