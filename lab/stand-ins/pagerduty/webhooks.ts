/**
 * Webhooks v3: one event a body, signed, repeated where the receiver fails.
 *
 * Follows https://developer.pagerduty.com/docs/webhooks-overview (payload), /verifying-webhook-signatures and /webhooks-behavior: an
 * answer within 5 s; no answer, 429 and 5xx are repeated up to four times over about 20 minutes; any other 4xx drops the event.
 */

import { createHmac } from 'node:crypto';
import type { Fetch } from '../../../activities/connectors/http.ts';
import type { Surroundings } from '../stand-in.ts';

export interface Subscription {
  url: string;
  secret: string;
  events: string[];
}

interface Sending {
  around: Pick<Surroundings, 'sleep'>;
  fetch: Fetch;
}

/** Milliseconds between one try and the next. */
const pauses = [60_000, 120_000, 240_000, 480_000];
const patience = 5_000;

/** Goes on by itself: whoever acknowledges does not wait for it. */
export function deliver({ url, secret }: Subscription, event: object, { around, fetch }: Sending) {
  const body = JSON.stringify({ event });
  const signature = `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'x-pagerduty-signature': signature,
    'user-agent': 'PagerDuty-Webhook/V3.0',
  };
  const send = async () => {
    for (const pause of [...pauses, undefined]) {
      const request = new Request(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patience) });
      const status = await Promise.resolve(fetch(request)).then(
        answer => answer.status,
        () => undefined,
      );
      if (pause === undefined || !isRepeated(status)) return;
      await around.sleep(pause);
    }
  };
  void send();
}

const isRepeated = (status: number | undefined) => status === undefined || status === 429 || status >= 500;
