/**
 * Silences of Alertmanager, API v2: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 * It has no idempotency key: we read before we write, and know ours by who made them and by the mark in the comment.
 */

import { z } from 'zod';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { accepted, parsed, sender, type Wire } from './http.ts';
import { byHand, fine, type Line } from './line.ts';

/** A pattern fits whole, as if it stood between `^` and `$`. */
export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface Silence {
  id: string;
  createdBy: string;
  comment: string;
  matchers: Matcher[];
  /** RFC 3339. */
  startsAt: string;
  /** RFC 3339: Alertmanager ends it then, whoever is there. */
  endsAt: string;
}

/** With an id it replaces the silence of that id. */
export type WantedSilence = Omit<Silence, 'id'> & { id?: string };

export interface HeldAlert {
  labels: Record<string, string>;
  /** Ids of the silences that silence it. */
  silencedBy: string[];
}

/** Every call throws SystemError. */
export interface Alertmanager {
  address: string;
  /** Those that are not over. */
  silences: () => Promise<Silence[]>;
  silence: (wanted: WantedSilence) => Promise<void>;
  /** Ends it now; Alertmanager keeps it for people to read. */
  expire: (id: string) => Promise<void>;
  /** Alerts that fire now, silenced ones too. */
  firing: (matcher: string) => Promise<HeldAlert[]>;
}

export interface AlertmanagerConfig {
  url: string;
  /** Asked at each call: the file that holds it may have changed. */
  token?: (() => string | undefined) | undefined;
}

const system = 'Alertmanager';

const matcher = z.looseObject({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  isEqual: z.boolean().default(true),
});
const silence = z.looseObject({
  id: z.string(),
  createdBy: z.string(),
  comment: z.string(),
  matchers: z.array(matcher).max(1_000),
  startsAt: z.string(),
  endsAt: z.string(),
  status: z.looseObject({ state: z.enum(['active', 'pending', 'expired']) }),
});
const alert = z
  .looseObject({ labels: z.record(z.string(), z.string()), status: z.looseObject({ silencedBy: z.array(z.string()) }) })
  .transform(({ labels, status: { silencedBy } }): HeldAlert => ({ labels, silencedBy }));

export function connectAlertmanager({ url, token = () => undefined }: AlertmanagerConfig, wire: Wire): Alertmanager {
  const send = sender(system, wire);
  const at = (path: string) => under(url, `/api/v2${path}`);
  const headers = (): Record<string, string> => {
    const bearer = token();
    return { 'content-type': 'application/json', ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) };
  };
  return {
    address: printed(url),
    async silences() {
      const all = parsed(system, z.array(silence), await send(at('/silences'), { headers: headers() }));
      return all.filter(({ status }) => status.state !== 'expired');
    },
    async silence(wanted) {
      const asked = { method: 'POST', headers: headers(), body: JSON.stringify(wanted) } as const;
      parsed(system, z.looseObject({ silenceID: z.string() }), await send(at('/silences'), asked));
    },
    async expire(id) {
      accepted(system, await send(at(`/silence/${encodeURIComponent(id)}`), { method: 'DELETE', headers: headers() }));
    },
    async firing(matcher) {
      const asked = new URLSearchParams({ active: 'true', silenced: 'true', inhibited: 'true', filter: matcher });
      return parsed(system, z.array(alert), await send(`${at('/alerts')}?${asked.toString()}`, { headers: headers() }));
    },
  };
}

async function examine({ system: alertmanager }: Pick<Seen<AlertmanagerConfig, Alertmanager>, 'system'>): Promise<Line> {
  if (!alertmanager) return byHand(system, 'ALERTMANAGER_URL');
  const there = await alertmanager.silences();
  return fine(system, `answers, and has ${there.length} silences that are not over.`);
}

export const silencesSystem = describeSystem({
  variables: z.object({
    ALERTMANAGER_URL: webAddress.optional().register(documented, {
      means: 'where planned alerts are silenced for a maintenance window',
      without: 'the silence becomes text to paste',
      example: 'https://alertmanager.example.com',
    }),
    ALERTMANAGER_TOKEN: text.optional().register(documented, { means: 'sent as a bearer token', secret: true }),
  }),
  configure: ({ ALERTMANAGER_URL: url, ALERTMANAGER_TOKEN: token }, { secrets }): AlertmanagerConfig | undefined =>
    url ? { url, token: token === undefined ? undefined : () => secrets('ALERTMANAGER_TOKEN') } : undefined,
  missing: ({ ALERTMANAGER_URL: url, ALERTMANAGER_TOKEN: token }) => [
    token !== undefined && !url && 'ALERTMANAGER_URL is missing, but ALERTMANAGER_TOKEN is set',
  ],
  connect: connectAlertmanager,
  examined: { name: system, examine },
});
