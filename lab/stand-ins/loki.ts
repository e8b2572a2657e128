/**
 * Loki's HTTP API, as far as a reader of lines and counts needs it: selectors of equal labels, line filters, `count_over_time`.
 *
 * Follows https://grafana.com/docs/loki/latest/reference/loki-http-api/ (answers) and
 * https://grafana.com/docs/loki/latest/query/log_queries/ (line filters are regular expressions of RE2).
 */

import type { Context, Hono } from 'hono';
import { jobsFinished, type World } from '../world.ts';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

export interface Entry {
  labels: Record<string, string>;
  /** Milliseconds since 1970. */
  at: number;
  line: string;
}

/** @param entries all lines there are; those of any day and of failed jobs unless given */
export function loki(around: Surroundings, world: () => World, entries = () => linesOf(world(), around.now())): Hono {
  const app = standIn();
  app.use(
    failing(around, {
      down: c => c.text('Ingester not ready: waiting for 15s after being ready\n', 503),
      unauthorised: c => c.text('no org id\n', 401),
    }),
  );
  app.get('/ready', c => c.text('ready\n'));
  app.get('/loki/api/v1/query_range', c => queryRange(c, entries()));
  app.get('/loki/api/v1/query', c => query(c, entries()));
  app.notFound(c => c.text('404 page not found\n', 404));
  return app;
}

const linesOf = (world: World, now: number) => [...usualLines(now), ...failedJobs(world, now)];

const [between, kept] = [300_000, 8 * 86_400_000];
/** Labels of the pods of each workload, as its Deployment has them. */
const usual: [labels: Record<string, string>, message: string][] = [
  [{ app: 'nqba-platform', component: 'api', tier: 'backend' }, 'Health check answered'],
  [{ app: 'nqba-worker', component: 'worker' }, 'Job finished on quantum_dynex'],
  [{ app: 'nqba-worker-batch', component: 'worker' }, 'Batch finished on quantum_dynex'],
];

/** As on any day of the last eight: a line of each workload every five minutes. */
function usualLines(now: number): Entry[] {
  const first = Math.ceil((now - kept) / between) * between;
  const times = Array.from({ length: Math.floor((now - first) / between) + 1 }, (_, index) => first + index * between);
  return usual.flatMap(([labels, message]) => {
    const entry = { labels: { namespace: 'nqba-platform', ...labels }, line: JSON.stringify({ level: 'INFO', message }) };
    return times.map(at => ({ ...entry, at }));
  });
}

/** Two secrets that a careless logger has written down: nothing but the log itself may ever have them. */
export const inTheLogs = { key: 'dnx_careless_7c1e5b2a90d4f836', password: 'careless+4f0a92c7b1' } as const;

export const failedLine = (solver: string) =>
  JSON.stringify({
    level: 'ERROR',
    message: `Job failed on ${solver}: solver returned no solution (key ${inTheLogs.key}, redis://nqba:${inTheLogs.password}@redis:6379)`,
  });

/** Of the last hour, in the words of the platform's workers. */
function failedJobs(world: World, now: number): Entry[] {
  const failed = jobsFinished(world, now - 3_600_000, now).filter(({ result }) => result === 'failed');
  return failed.map(({ pod, workload, ends, solver }) => ({
    labels: { namespace: 'nqba-platform', component: 'worker', app: apps[workload], pod },
    at: ends,
    line: failedLine(solver),
  }));
}

const apps = { worker: 'nqba-worker', batch: 'nqba-worker-batch' };

const logQuery = /^(\{[^}]*\})((?:\s*(?:\|~|!~)\s*"(?:[^"\\]|\\.)*")*)$/;

/** Those that a log query finds; nothing where it cannot be read. */
function matching(text: string, entries: Entry[]): Entry[] | undefined {
  const [, selector, filters = ''] = logQuery.exec(text.trim()) ?? [];
  if (selector === undefined) return undefined;
  const labels = [...selector.matchAll(/(\w+)(=~|=)("(?:[^"\\]|\\.)*")/g)].map(([, name = '', by, value = '""']) => ({
    name,
    is: new RegExp(by === '=' ? `^${escaped(unquoted(value))}$` : `^(?:${unquoted(value)})$`),
  }));
  const tests = [...filters.matchAll(/(\|~|!~)\s*("(?:[^"\\]|\\.)*")/g)].map(([, by, value = '""']) => ({
    by: expression(unquoted(value)),
    wanted: by === '|~',
  }));
  return entries.filter(
    entry =>
      labels.every(({ name, is }) => is.test(entry.labels[name] ?? '')) &&
      tests.every(({ by, wanted }) => by.test(entry.line) === wanted),
  );
}

const unquoted = (text: string): string => String(JSON.parse(text));
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const expression = (text: string) => new RegExp(text.replace(/^\(\?i\)/, ''), text.startsWith('(?i)') ? 'i' : '');

/** Nanoseconds since 1970, as milliseconds. */
const momentOf = (text: string | undefined) => Math.round(Number(text ?? 0) / 1e6);
const parseError = (c: Context, text: string) => c.text(`parse error at line 1, col 1: syntax error: unexpected ${text}\n`, 400);

function queryRange(c: Context, entries: Entry[]): Response {
  const text = c.req.query('query') ?? '';
  const found = matching(text, entries);
  if (!found) return parseError(c, text);
  const [from, to] = [momentOf(c.req.query('start')), momentOf(c.req.query('end'))];
  const sign = c.req.query('direction') === 'forward' ? 1 : -1;
  const within = found.filter(({ at }) => at >= from && at < to).toSorted((a, b) => sign * (a.at - b.at));
  const limited = within.slice(0, Number(c.req.query('limit') ?? 100));
  const streams = Map.groupBy(limited, ({ labels }) => JSON.stringify(labels));
  const result = [...streams].map(([labels, lines]) => ({
    stream: JSON.parse(labels),
    values: lines.map(({ at, line }) => [`${Math.round(at)}000000`, line]),
  }));
  return c.json({ status: 'success', data: { resultType: 'streams', result, stats: {} } });
}

function query(c: Context, entries: Entry[]): Response {
  const text = c.req.query('query') ?? '';
  const [, inner = '', seconds] = /^sum\(count_over_time\((.*) \[(\d+)s\]\)\)$/.exec(text) ?? [];
  const found = matching(inner, entries);
  if (!found) return parseError(c, text);
  const to = momentOf(c.req.query('time'));
  const count = found.filter(({ at }) => at > to - Number(seconds) * 1000 && at <= to).length;
  const result = count > 0 ? [{ metric: {}, value: [to / 1000, `${count}`] }] : [];
  return c.json({ status: 'success', data: { resultType: 'vector', result, stats: {} } });
}

export const lokiStandIn: StandIn = { serve: loki, environment: url => ({ LOKI_URL: url }) };
