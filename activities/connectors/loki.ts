/** Questions to Loki: lines, and how many there are. https://grafana.com/docs/loki/latest/reference/loki-http-api/ */

import { z } from 'zod';
import { limits } from '../limits.ts';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { accepted, parsed, sender, type Wire } from './http.ts';
import { fine, type Line } from './line.ts';

export interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  text: string;
}

/** Milliseconds since 1970. */
export interface Range {
  from: number;
  to: number;
}

/** Every call throws SystemError. */
export interface Loki {
  address: string;
  /** The newest lines first, or the oldest. */
  lines: (query: string, range: Range, most: number, first?: 'newest' | 'oldest') => Promise<LogLine[]>;
  /** How many lines a query finds; it counts all of them. */
  count: (query: string, range: Range) => Promise<number>;
}

const system = 'Loki';
const streams = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    resultType: z.literal('streams'),
    result: z.array(z.looseObject({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});
const vector = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    resultType: z.literal('vector'),
    result: z.array(z.looseObject({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

export interface LokiConfig {
  url: string;
  tenant?: string | undefined;
}

export function connectLoki({ url, tenant }: LokiConfig, wire: Wire): Loki {
  const send = sender(system, wire);
  const headers: Record<string, string> = tenant === undefined ? {} : { 'X-Scope-OrgID': tenant };
  const ask = async (path: string, asked: Record<string, string>) =>
    accepted(system, await send(`${under(url, path)}?${new URLSearchParams(asked).toString()}`, { within: limits.metrics, headers }));
  return {
    address: printed(url),
    async lines(query, { from, to }, most, first = 'newest') {
      const direction = first === 'newest' ? 'backward' : 'forward';
      const asked = { query, start: nanoseconds(from), end: nanoseconds(to), limit: `${most}`, direction };
      const { data } = parsed(system, streams, await ask('/loki/api/v1/query_range', asked));
      const found = data.result.flatMap(({ values }) => values.map(([at, text]) => ({ at: Number(at) / 1e6, text })));
      return found.toSorted((a, b) => (first === 'newest' ? b.at - a.at : a.at - b.at));
    },
    async count(query, { from, to }) {
      const seconds = Math.max(1, Math.round((to - from) / 1000));
      const asked = { query: `sum(count_over_time(${query} [${seconds}s]))`, time: nanoseconds(to) };
      const { data } = parsed(system, vector, await ask('/loki/api/v1/query', asked));
      return Number(data.result[0]?.value[1] ?? 0);
    },
  };
}

const nanoseconds = (ms: number) => `${Math.round(ms)}000000`;

async function examine({ system: loki, wire }: Pick<Seen<LokiConfig, Loki>, 'system' | 'wire'>): Promise<Line> {
  if (!loki) return fine(system, 'is not connected: logs are searched in the pods that are there. To connect it, set LOKI_URL.');
  const to = wire.now();
  await loki.lines('{namespace=~".+"}', { from: to - 60_000, to }, 1);
  return fine(system, 'answers.');
}

export const lokiSystem = describeSystem({
  variables: z.object({
    LOKI_URL: webAddress.optional().register(documented, {
      means: 'where logs are searched',
      without: 'logs are searched in the pods that are there, and compared with no earlier day',
      example: 'https://loki.example.com',
    }),
    LOKI_TENANT: text.optional().register(documented, { means: 'sent as X-Scope-OrgID' }),
  }),
  configure: ({ LOKI_URL: url, LOKI_TENANT: tenant }) => (url ? { url, tenant } : undefined),
  missing: ({ LOKI_URL: url, LOKI_TENANT: tenant }) => [tenant && !url && 'LOKI_URL is missing, but LOKI_TENANT is set'],
  connect: connectLoki,
  examined: { name: system, examine },
});
