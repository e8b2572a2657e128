/** A subscription of the intake to PagerDuty's stand-in, as somebody makes it in PagerDuty. */

import { z } from 'zod';
import type { pagerduty } from '../../lab/stand-ins/pagerduty.ts';

export const headers = { authorization: 'Token token=practice', 'content-type': 'application/json', From: 'ann@nqba.example' };
const made = z.object({ webhook_subscription: z.object({ delivery_method: z.object({ secret: z.string() }) }) });

/** @returns the secret with which it signs */
export async function subscribed(vendor: ReturnType<typeof pagerduty>): Promise<string> {
  const subscription = {
    type: 'webhook_subscription',
    delivery_method: { type: 'http_delivery_method', url: 'http://intake/pagerduty' },
    events: ['incident.acknowledged'],
    filter: { type: 'account_reference' },
  };
  const body = JSON.stringify({ webhook_subscription: subscription });
  const answer = await vendor.request('/webhook_subscriptions', { method: 'POST', headers, body });
  return made.parse(await answer.json()).webhook_subscription.delivery_method.secret;
}
