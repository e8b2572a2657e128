/** How often Prometheus scrapes is one number, asked first: whoever gets no answer asks nothing more, and no window is too short for two samples. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fetch } from '../../activities/connectors/http.ts';
import { createActivities } from '../../activities/index.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { World } from '../../lab/world.ts';
import { aPlatform, connected, running, virtualClock } from './bare.ts';

const clock = () => virtualClock(Date.parse('2026-11-24T03:00:40Z'));
const pods = (['worker', 'batch'] as const).map(
  workload => ({ pod: workload, uid: workload, workload, solver: 'dynex', fallback: false, since: 0 }) as const,
);
const world = (): World => ({ pods, systems: [] });

/** The setting was written half a minute ago; its pods by the name of their workload. */
const kubernetes: Fetch = ({ url }) => {
  const { pathname, searchParams } = new URL(url);
  const name = searchParams.get('labelSelector')?.includes('batch') ? 'batch' : 'worker';
  const spec = { containers: [], template: { spec: { containers: [] } } };
  const managedFields = [{ time: '2026-11-24T03:00:10Z' }];
  if (pathname.endsWith('/pods')) return Response.json({ items: [{ metadata: { name }, spec, status: { phase: 'Running' } }] });
  return Response.json({ metadata: { name, managedFields }, spec, data: {}, items: [] });
};

const queryIn = async (request: Request) => new URLSearchParams(await request.text()).get('query') ?? '';

/** Every window is a sixtieth of what it is in production, and a scrape comes each 15 seconds unless told. */
function paced({ every = 15_000, since = 0 } = {}) {
  const time = clock();
  const asked: string[] = [];
  const started = (): World => ({ pods: pods.map(pod => ({ ...pod, since })), systems: [] });
  const { fetch } = prometheus(surroundings({ now: time.now }), started, every);
  const heard: Fetch = async request => {
    asked.push(await queryIn(request.clone()));
    return fetch(request);
  };
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch: heard }, kubernetes: { fetch: kubernetes } }, time);
  const platform = { ...aPlatform, times: { ...aPlatform.times, pace: 1 / 60 } };
  return { ...createActivities({ platform, systems, ...time, running }), asked };
}

test('a Prometheus that hangs is asked once, and canaries have their turn', async () => {
  const time = clock();
  const asked: string[] = [];
  const hangs: Fetch = async request => {
    asked.push(await queryIn(request));
    return new Promise(() => undefined);
  };
  const api = { url: 'http://api', fetch: nqbaApi(surroundings({ now: time.now }), world).fetch };
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch: hangs }, api }, time);
  const { quantum } = createActivities({ platform: aPlatform, systems, ...time, running });
  const { verdict, evidence } = await quantum.jobs({ solver: 'dynex', orCanaries: true });
  assert.equal(verdict, 'healthy', evidence);
  assert.equal(asked.length, 1);
  assert.match(asked[0] ?? '', /^max\(.*timestamp\(nqba_quantum_jobs_started_total\)\[300s:1s\]/);
});

test('pods that have just started make no window longer', async () => {
  const { quantum, asked } = paced({ every: 1_000, since: Date.parse('2026-11-24T03:00:37Z') });
  await quantum.jobs({ solver: 'dynex' });
  assert.match(asked.at(-1) ?? '', /nqba_quantum_jobs_total\[10s\]/);
});

test('of the calls only those of the API are counted', async () => {
  const asked: string[] = [];
  const listens: Fetch = async request => {
    asked.push(await queryIn(request));
    return Response.json({ status: 'success', data: { resultType: 'vector', result: [] } });
  };
  const time = clock();
  const systems = connected({ prometheus: { url: 'http://prometheus', fetch: listens } }, time);
  const { observe } = createActivities({ platform: aPlatform, systems, ...time, running });
  await observe.metric({ metric: 'api errors', below: 0.01 });
  assert.match(asked[0] ?? '', /^max\(.*timestamp\(http_requests_total\{job="nqba-api"\}\)\[300s:1s\]/);
});

test('the jobs started since the setting was written are seen between two scrapes', async () => {
  const { verdict, evidence } = await paced().quantum.jobs({ solver: 'dynex', startedShare: 1 });
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /Jobs started on quantum_dynex: \d+ of \d+ of nqba-worker, \d+ of \d+ of nqba-worker-batch\./);
});

test('so are the calls of the API, and its queue', async () => {
  const { observe, asked } = paced();
  const { facts } = await observe.recovered({ of: 'p0-critical-incident-response' });
  assert.ok(facts && 'calls' in facts, JSON.stringify(facts));
  assert.ok(asked.includes('sum(delta(nqba_qih_queue_depth[38s]))'), asked.join('\n'));
});
