/**
 * Prometheus's HTTP API, as far as a reader of instant queries needs it.
 *
 * Follows https://prometheus.io/docs/prometheus/latest/querying/api/ (answers, error types),
 * https://prometheus.io/docs/prometheus/latest/management_api/ (health) and
 * https://prometheus.io/docs/prometheus/latest/configuration/https/ (basic authentication).
 */

import type { Context, Hono } from 'hono';
import type { World } from '../world.ts';
import { freshness } from './freshness.ts';
import { milliseconds, PromqlError } from './promql.ts';
import type { Ended } from './scrapes.ts';
import { type Sample, samples } from './series.ts';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

/** Milliseconds between two scrapes while it is `sparse`: the default of Prometheus's `scrape_interval`. */
const sparsely = 60_000;

/**
 * @param scrapeEvery milliseconds: samples exist at the times of scrapes only; without it every moment has one
 * @param ended milliseconds since 1970, by the metric that is scraped until then
 */
export function prometheus(around: Surroundings, world: () => World, scrapeEvery?: number, ended: Ended = {}): Hono {
  const app = standIn();
  const every = () => (around.state() === 'sparse' ? sparsely : scrapeEvery);
  app.use(failing(around, { down: notReady, unauthorised }));
  app.get('/-/healthy', c => c.text('Prometheus Server is Healthy.\n'));
  app.get('/-/ready', c => c.text('Prometheus Server is Ready.\n'));
  app.get('/api/v1/status/buildinfo', c =>
    success(c, { version: '2.45.0', revision: 'practice', branch: 'HEAD', goVersion: 'go1.20.5' }),
  );
  app.on(['GET', 'POST'], '/api/v1/query', async c =>
    query(c, await parameters(c), around.now(), { world: world(), scrapeEvery: every(), ended }),
  );
  app.on(['GET', 'POST'], '/api/v1/series', async c =>
    (await parameters(c)).has('match[]') ? success(c, []) : failure(c, 'no match[] parameter provided'),
  );
  app.post('/api/v1/admin/tsdb/:verb', c => failure(c, 'admin APIs disabled', 'unavailable', 503));
  app.on(['POST', 'PUT'], '/-/:verb{reload|quit}', c => c.text('Lifecycle API is not enabled.', 403));
  app.all('/api/v1/:known{query|series}', c => c.text('Method Not Allowed\n', 405));
  app.notFound(c => c.text('404 page not found\n', 404));
  return app;
}

type ErrorType = 'bad_data' | 'unavailable';

/** While it replays its log, Prometheus answers so on every address but `/-/healthy`. */
const notReady = (c: Context) => c.text('Service Unavailable', 503);

function unauthorised(c: Context): Response {
  c.header('WWW-Authenticate', 'Basic');
  return c.text('Unauthorized\n', 401);
}

const success = (c: Context, data: object) => c.json({ status: 'success', data });
const failure = (c: Context, error: string, errorType: ErrorType = 'bad_data', status: 400 | 503 = 400) =>
  c.json({ status: 'error', errorType, error }, status);

/** From the address and, for POST, from the form. */
async function parameters(c: Context): Promise<URLSearchParams> {
  const all = new URL(c.req.url).searchParams;
  if (!c.req.header('Content-Type')?.startsWith('application/x-www-form-urlencoded')) return all;
  for (const [name, value] of new URLSearchParams(await c.req.text())) all.append(name, value);
  return all;
}

interface Scraped {
  world: World;
  scrapeEvery: number | undefined;
  ended: Ended;
}

function query(c: Context, given: URLSearchParams, now: number, scraped: Scraped): Response {
  const at = timeOf(given.get('time'), now);
  if (typeof at === 'string') return failure(c, at);
  const timeout = given.get('timeout');
  if (timeout !== null && !Number.isFinite(milliseconds(timeout))) {
    return failure(c, `invalid parameter "timeout": cannot parse "${timeout}" to a valid duration`);
  }
  const text = given.get('query') ?? '';
  const found = samplesOrError(text, scraped, Math.min(at, now));
  if (typeof found === 'string') return failure(c, found);
  const result = found.map(({ metric, value }) => ({ metric, value: [at / 1_000, String(value)] }));
  return success(c, { resultType: 'vector', result });
}

/** A Unix time in seconds or RFC 3339, as milliseconds; or Prometheus's complaint. */
function timeOf(text: string | null, now: number): number | string {
  if (text === null) return now;
  const at = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  return Number.isFinite(at) ? at : `invalid parameter "time": cannot parse "${text}" to a valid timestamp`;
}

function samplesOrError(text: string, { world, scrapeEvery, ended }: Scraped, at: number): Sample[] | string {
  try {
    const when = { at, every: scrapeEvery, ended };
    return freshness(text, when) ?? samples(text, world, when);
  } catch (error) {
    if (error instanceof PromqlError) return `invalid parameter "query": ${error.message}`;
    throw error;
  }
}

export const prometheusStandIn: StandIn = {
  serve: prometheus,
  states: ['sparse'],
  environment: url => ({ PROMETHEUS_URL: url }),
};
