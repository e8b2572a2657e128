/** Dynex from outside: is it there, does it take our key, what does its status page say. Nothing here costs anything. */

import { z } from 'zod';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented } from './description.ts';
import { type Answer, accepted, jsonOf, parsed, sender, type Wire } from './http.ts';
import { notConnected, quoted, SystemError } from './system-error.ts';

export interface ProviderStatus {
  /** The open incident of the provider; null when it reports none. */
  incident: string | null;
  text: string;
}

/** Every call throws SystemError. */
export interface Dynex {
  address: string;
  statusAddress?: string;
  /** Without a key. */
  health: () => Promise<void>;
  /** HTTP status of an authenticated call. */
  account: (key: string) => Promise<number>;
  status: () => Promise<ProviderStatus>;
}

export interface DynexConfig {
  url?: string;
  /** Statuspage v2 `summary.json`. */
  statusUrl?: string;
}

const system = 'Dynex';
const page = 'The Dynex status page';

const summary = z.looseObject({
  status: z.looseObject({ indicator: z.enum(['none', 'minor', 'major', 'critical', 'maintenance']), description: z.string() }),
  incidents: z.array(z.looseObject({ name: z.string(), status: z.string() })).default([]),
});

export function connectDynex({ url, statusUrl }: DynexConfig, wire: Wire): Dynex {
  const send = sender(system, wire);
  const sendToPage = sender(page, wire);
  const at = (path: string) => {
    if (url === undefined) throw notConnected(system, 'DYNEX_API_URL');
    return under(url, path);
  };
  return {
    address: url === undefined ? '' : printed(url),
    ...(statusUrl !== undefined && { statusAddress: printed(statusUrl) }),

    async health() {
      recognised(await send(at('/api/health')));
    },

    async account(key) {
      const headers = { 'X-API-KEY': key, accept: 'application/json' };
      return (await send(at('/api/v1/account'), { headers })).status;
    },

    async status() {
      if (statusUrl === undefined) throw notConnected(page, 'DYNEX_STATUS_URL');
      const { status, incidents } = parsed(page, summary, await sendToPage(statusUrl));
      const open = incidents.find(({ status }) => !['resolved', 'postmortem'].includes(status));
      const troubled = ['minor', 'major', 'critical'].includes(status.indicator);
      return { incident: open?.name ?? (troubled ? status.description : null), text: quoted(status.description) };
    },
  };
}

/** A 200 with a web server's welcome page is not Dynex. */
function recognised(answer: Answer): void {
  const { status, text } = accepted(system, answer);
  if (jsonOf(text) !== undefined) return;
  throw new SystemError({ system, fault: 'garbled', status, text: `answered ${status} with something else: ${quoted(text)}` });
}

export const dynexSystem = describeSystem({
  variables: z.object({
    DYNEX_API_URL: webAddress.optional().register(documented, {
      means: 'the Dynex API; without it the key is not checked, and only Prometheus probes it',
      without:
        'the key is not checked, a new one is left to people with the commands to paste, and Dynex is seen from outside alone; recovery is measured without them, and says so',
    }),
    DYNEX_STATUS_URL: webAddress.optional().register(documented, {
      means: 'its status page: …/api/v2/summary.json',
      without: "the provider's word is missing; the probes alone say how Dynex is",
    }),
  }),
  configure: ({ DYNEX_API_URL: url, DYNEX_STATUS_URL: statusUrl }) =>
    url || statusUrl ? { ...(url && { url }), ...(statusUrl && { statusUrl }) } : undefined,
  connect: connectDynex,
  checks: [
    {
      name: 'Dynex',
      variable: 'DYNEX_API_URL',
      address: dynex => dynex.address,
      needs: 'quantum',
      activity: 'probeDynex',
      input: {},
      inside: 'dynex from inside',
      outside: 'dynex from outside',
    },
    {
      name: 'The Dynex status page',
      variable: 'DYNEX_STATUS_URL',
      address: dynex => dynex.statusAddress,
      needs: 'quantum',
      activity: 'dynexStatus',
      input: {},
      inside: 'dynexStatus',
    },
    {
      name: 'The Dynex key',
      variable: 'DYNEX_API_URL',
      address: dynex => dynex.address,
      needs: 'quantum',
      activity: 'dynexKey',
      input: {},
      inside: 'dynexKey',
    },
  ],
});
