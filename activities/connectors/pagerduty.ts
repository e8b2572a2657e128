/** PagerDuty Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview): one dedup_key is one page. */

import { z } from 'zod';
import { recipientsOf, working } from '../reaching.ts';
import { rolesOf } from '../platform.ts';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { parsed, sender, type Wire } from './http.ts';
import { byHand, fine, type Line, warning } from './line.ts';
import type { Pager, Secrets } from './pager.ts';
import { pageState } from './pagerduty/incidents.ts';
import { SystemError } from './system-error.ts';

export interface PagerDutyConfig {
  url: string;
  /** Routing keys by the name of the environment variable they came from. */
  routingKeys: Secrets;
  /** The REST API, which tells what became of a page; absent where it is not asked. */
  rest?: { url: string; token: string } | undefined;
}

const system = 'PagerDuty';
const queued = z.looseObject({ status: z.literal('success') });

/** A 202 means queued. What became of it, only the REST API tells. */
export function connectPagerDuty({ url, routingKeys, rest }: PagerDutyConfig, wire: Wire): Pager {
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
    stateOf: rest && (dedupKey => pageState(system, send, rest, dedupKey)),
  };
}

/** Its Events API has nothing that can be read: that it answers at all is what can be known without a page. */
async function examine({
  platform,
  onCall,
  system: pagerduty,
  config,
  wire,
}: Seen<PagerDutyConfig, Pager>): Promise<Line | Line[]> {
  const recipients = rolesOf(platform).flatMap(role => working({ pagerduty }, recipientsOf(platform, onCall, role)));
  if (!config || recipients.length === 0) return byHand(system, 'a routing key (see Paging)');
  const { url } = config;
  const { status } = await sender(system, wire)(under(url, ''));
  if (status >= 500) throw new SystemError({ system, fault: 'answered', status, text: `answered ${status}` });
  const events = fine(system, `answers at ${printed(url)}. Whether it takes the routing key, only a page shows.`);
  return [events, await examineRest(pagerduty)];
}

const rest = 'PagerDuty, what became of a page';

/** Of a page that never was: the token is refused all the same if it is wrong. */
async function examineRest(pagerduty: Pager | undefined): Promise<Line> {
  if (!pagerduty?.stateOf)
    return warning(
      rest,
      'is not asked: an accepted page that reaches no one is not noticed, and an acknowledgement counts only by the webhook. To ask, set PAGERDUTY_API_TOKEN.',
    );
  await pagerduty.stateOf('nqba-runbooks doctor');
  return fine(rest, 'is asked after each page, and before the next level is paged.');
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
    PAGERDUTY_API_URL: webAddress
      .default('https://api.pagerduty.com')
      .register(documented, { means: 'the REST API; EU: https://api.eu.pagerduty.com' }),
    PAGERDUTY_API_TOKEN: text.optional().register(documented, {
      means: 'REST API key, read-only: PagerDuty is asked what became of a page',
      without: 'an acknowledgement there counts only by the webhook, and an accepted page that reaches no one is not noticed',
      secret: true,
    }),
  }),
  configure: (
    { PAGERDUTY_EVENTS_URL: url, PAGERDUTY_API_URL: api, PAGERDUTY_API_TOKEN: token },
    { secrets },
  ): PagerDutyConfig => ({
    url,
    routingKeys: secrets,
    rest: token === undefined ? undefined : { url: api, token },
  }),
  missing: (_, { variables, named: { pagerduty: routes = [] } }) => [
    variables['PAGERDUTY_EVENTS_URL'] &&
      !routes.some(route => variables[route]) &&
      `${routes.join(' or ')} is missing, but PAGERDUTY_EVENTS_URL is set`,
  ],
  connect: connectPagerDuty,
  examined: { name: system, examine },
});
