/** Any pager or chat that takes a POST: our own payload (docs/paging.md), and one Idempotency-Key for what is said once. */

import { z } from 'zod';
import { describeSystem } from './description.ts';
import { accepted, sender, type Wire } from './http.ts';
import { isHere } from './names.ts';
import type { Pager, Secrets } from './pager.ts';
import { SystemError } from './system-error.ts';

export interface WebhookConfig {
  /** URLs by the name of the environment variable they came from; each is a secret. */
  urls: Secrets;
}

export function connectWebhook({ urls }: WebhookConfig, wire: Wire): Pager {
  const lacks = (variable: string) => {
    const url = urls(variable);
    return url ? unfit(variable, url) : `${variable} is not set`;
  };

  const post = async (variable: string, body: { kind: 'trigger' | 'resolve'; key: string }) => {
    const system = `The webhook ${variable}`;
    const missing = lacks(variable);
    if (missing) throw new SystemError({ system, fault: 'not connected', text: `is not connected: ${missing}` });
    const asked = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${body.kind}/${body.key}` },
      body: JSON.stringify({ version: 1, ...body }),
    } as const;
    accepted(system, await sender(system, wire)(urls(variable) ?? '', asked));
  };

  return {
    lacks,
    trigger: ({ to, dedupKey: key, ...page }) => post(to, { kind: 'trigger', key, ...page }),
    resolve: ({ to, dedupKey: key, ...end }) => post(to, { kind: 'resolve', key, ...end }),
  };
}

/** A page crosses networks in https only; the address itself is never told. */
function unfit(variable: string, url: string): string | undefined {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe = address?.protocol === 'https:' || (address?.protocol === 'http:' && isHere(address.hostname));
  const isNamed = address && address.username + address.password !== '';
  return isSafe && !isNamed ? undefined : `${variable} is no https address without a user`;
}

/** Its variables are those that roles.json names. */
export const webhookSystem = describeSystem({
  variables: z.object({}),
  configure: (_, { secrets }) => ({ urls: secrets }),
  connect: connectWebhook,
});
