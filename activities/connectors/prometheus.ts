/** Questions to Prometheus. No data is an empty answer, never zero. */

import { z } from 'zod';
import { limits } from '../limits.ts';
import { promql } from '../queries.ts';
import { intervalOfJobs, longestInterval, oftener } from '../scraping.ts';
import { printed, under } from './address.ts';
import { describeSystem, type Seen } from './description.ts';
import { accepted, parsed, sender, type Wire } from './http.ts';
import { fault, fine, type Line } from './line.ts';
import { halfSigned, headersFrom, signing, variables } from './prometheus-variables.ts';
import { SystemError } from './system-error.ts';

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export interface Prometheus {
  address: string;
  /** An instant query, now. Samples that are no number are left out. @throws SystemError */
  query: (promql: string) => Promise<Sample[]>;
  /** It runs, and answers questions. @throws SystemError */
  health: () => Promise<void>;
}

const system = 'Prometheus';

const vector = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    resultType: z.literal('vector'),
    result: z.array(z.looseObject({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

export interface PrometheusConfig {
  url: string;
  /** Asked at each call: the files that hold them may have changed. */
  headers?: () => Record<string, string>;
}

export function connectPrometheus({ url, headers = () => ({}) }: PrometheusConfig, wire: Wire): Prometheus {
  const send = sender(system, wire);
  const ask = (query: string) =>
    send(under(url, '/api/v1/query'), {
      method: 'POST',
      within: limits.metrics,
      headers: { ...headers(), 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ query }).toString(),
    });
  return {
    address: printed(url),
    async query(promql) {
      const { data } = parsed(system, vector, await ask(promql));
      return data.result
        .map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }))
        .filter(({ value }) => Number.isFinite(value));
    },
    async health() {
      for (const path of ['/-/healthy', '/-/ready'])
        accepted(system, await send(under(url, path), { within: limits.probe, headers: headers() }));
    },
  };
}

/** A refusal with the variables that let us in. */
function lettingIn(error: unknown): Line {
  const isRefused = error instanceof SystemError && (error.status === 401 || error.status === 403);
  if (!isRefused) throw error;
  const fix =
    'Set PROMETHEUS_TOKEN, or PROMETHEUS_USER and PROMETHEUS_PASSWORD, and the tenant as PROMETHEUS_HEADERS=X-Scope-OrgID: tenant.';
  return fault(system, `${error.message.replace(`${system} `, '')}.`, fix);
}

type Examined = Pick<Seen<PrometheusConfig, Prometheus>, 'system' | 'platform'>;

async function examine({ system: prometheus, platform }: Examined): Promise<Line> {
  if (!prometheus) return fault(system, 'is not connected.', 'Set PROMETHEUS_URL.');
  const jobsInFlight = promql(platform.queries, 'jobs in flight');
  const pods = await prometheus.query(platform.quantum ? jobsInFlight : 'vector(1)').catch(lettingIn);
  if (!Array.isArray(pods)) return pods;
  if (!platform.quantum) return fine(system, 'answers.');
  const interval = Math.round((await intervalOfJobs({ systems: { prometheus }, platform })) / 1000);
  const scraped = interval > 0 ? `, scraped about every ${interval} s` : '';
  if (pods.length > 0 && interval * 1000 > longestInterval)
    return fault(
      system,
      `answers, but the jobs are${scraped.slice(1)}: whether a change moved them is not seen in time.`,
      oftener('the workers'),
    );
  if (pods.length > 0) return fine(system, `answers, and knows the jobs of ${pods.length} pods${scraped}.`);
  return fault(
    system,
    `answers, but has nothing for ${jobsInFlight}.`,
    'Let it scrape the workers, write the query as it is here under queries["jobs in flight"] of the platform description, or correct PROMETHEUS_URL.',
  );
}

export const prometheusSystem = describeSystem({
  variables,
  configure: ({ PROMETHEUS_URL: url }, { variables, secrets }): PrometheusConfig | undefined => {
    if (!url) return undefined;
    return signing.some(name => variables[name]) ? { url, headers: () => headersFrom(secrets) } : { url };
  },
  missing: ({ PROMETHEUS_URL: url, ...signing }) => [
    !url && 'PROMETHEUS_URL is missing: without it nothing can be measured',
    ...halfSigned(url ?? '', signing),
  ],
  connect: connectPrometheus,
  examined: { name: system, examine },
});
