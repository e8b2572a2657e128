/** Questions to Prometheus. No data is an empty answer, never zero. */

import { z } from 'zod';
import { limits } from '../limits.ts';
import { base, parsed, sender, type Wire } from './http.ts';

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export interface Prometheus {
  address: string;
  /** An instant query, now. Samples that are no number are left out. @throws SystemError */
  query: (promql: string) => Promise<Sample[]>;
}

const system = 'Prometheus';

const vector = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    resultType: z.literal('vector'),
    result: z.array(z.looseObject({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

export function connectPrometheus({ url }: { url: string }, wire: Wire): Prometheus {
  const send = sender(system, wire);
  const ask = (query: string) =>
    send(`${base(url)}/api/v1/query`, {
      method: 'POST',
      within: limits.metrics,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ query }).toString(),
    });
  return {
    address: base(url),
    async query(promql) {
      const { data } = parsed(system, vector, await ask(promql));
      return data.result
        .map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }))
        .filter(({ value }) => Number.isFinite(value));
    },
  };
}
