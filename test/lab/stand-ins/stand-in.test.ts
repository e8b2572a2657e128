import assert from 'node:assert/strict';
import test from 'node:test';
import type { Hono } from 'hono';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { dynex } from '../../../lab/stand-ins/dynex.ts';
import { github } from '../../../lab/stand-ins/github.ts';
import { grafana } from '../../../lab/stand-ins/grafana.ts';
import { loki } from '../../../lab/stand-ins/loki.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { pinning } from '../../../lab/stand-ins/pinning.ts';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { slack } from '../../../lab/stand-ins/slack.ts';
import { lateness, type Surroundings, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { statuspage } from '../../../lab/stand-ins/statuspage.ts';
import type { System } from '../../../lab/world/systems.ts';
import { type Answered, serving } from './serving.ts';

const world = () => ({ pods: [], systems: [] });

interface Case {
  app: (around: Surroundings) => Hono;
  path: string;
  init?: RequestInit;
  down: Partial<Answered>;
  unauthorised: Partial<Answered>;
}

const post: RequestInit = { method: 'POST' };
const cases: Record<System, Case> = {
  dynex: {
    app: dynex,
    path: '/api/v1/account',
    init: { headers: { 'X-API-KEY': 'dnx_1' } },
    down: {
      status: 503,
      body: { error: { code: 'service_unavailable', message: 'The Dynex platform is temporarily unavailable' } },
    },
    unauthorised: { status: 403, body: { error: { code: 'key_revoked', message: 'This API key has been revoked' } } },
  },
  prometheus: {
    app: around => prometheus(around, world),
    path: '/-/ready',
    down: { status: 503, body: 'Service Unavailable' },
    unauthorised: { status: 401, body: 'Unauthorized\n' },
  },
  grafana: {
    app: grafana,
    path: '/api/health',
    down: { status: 503, body: { commit: 'practice', version: '10.0.0', database: 'failing' } },
    unauthorised: { status: 401, body: { message: 'Unauthorized' } },
  },
  loki: {
    app: around => loki(around, world),
    path: '/ready',
    down: { status: 503, body: 'Ingester not ready: waiting for 15s after being ready\n' },
    unauthorised: { status: 401, body: 'no org id\n' },
  },
  api: {
    app: around => nqbaApi(around, world),
    path: '/health',
    down: { status: 503, body: 'upstream connect error or disconnect/reset before headers' },
    unauthorised: { status: 401, body: { detail: 'Could not validate credentials' } },
  },
  slack: {
    app: slack,
    path: '/api/auth.test',
    init: post,
    down: { status: 503, body: { ok: false, error: 'service_unavailable' } },
    unauthorised: { status: 200, body: { ok: false, error: 'invalid_auth' } },
  },
  pagerduty: {
    app: pagerduty,
    path: '/v2/enqueue',
    init: post,
    down: { status: 503, body: 'Service Unavailable' },
    unauthorised: {
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] },
    },
  },
  statuspage: {
    app: statuspage,
    path: '/v1/pages/nqba/components',
    down: { status: 503, body: '<html><head><title>503 Service Temporarily Unavailable</title></head></html>' },
    unauthorised: { status: 401, body: { error: 'Could not authenticate' } },
  },
  pinning: {
    app: pinning,
    path: '/pins',
    down: {
      status: 503,
      body: { error: { reason: 'INTERNAL_SERVER_ERROR', details: 'The service is temporarily unavailable' } },
    },
    unauthorised: { status: 401, body: { error: { reason: 'UNAUTHORIZED', details: 'Access token is missing or invalid' } } },
  },
  tickets: {
    app: github,
    path: '/repos/nqba/operations',
    init: { headers: { Authorization: 'Bearer practice' } },
    down: {
      status: 503,
      body: { message: 'Service Unavailable', documentation_url: 'https://docs.github.com/rest', status: '503' },
    },
    unauthorised: {
      status: 401,
      body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
    },
  },
};

const asFetchDoes = (error: unknown) =>
  error instanceof TypeError &&
  error.message === 'fetch failed' &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'ECONNREFUSED';

for (const [system, { app, path, init, down, unauthorised }] of Object.entries(cases)) {
  test(`${system} down answers as its vendor does in an outage`, async t => {
    const ask = await serving(t, app(surroundings({ state: () => 'down' })));
    assert.partialDeepStrictEqual(await ask(path, init), down);
  });

  test(`${system} unauthorised refuses in its vendor's words`, async t => {
    const ask = await serving(t, app(surroundings({ state: () => 'unauthorised' })));
    assert.partialDeepStrictEqual(await ask(path, init), unauthorised);
  });

  test(`${system} refused cuts the connection`, async t => {
    const ask = await serving(t, app(surroundings({ state: () => 'refused' })));
    await assert.rejects(ask(path, init), { name: 'TypeError', message: 'fetch failed' });
  });

  test(`${system} refused throws what fetch would, where the app itself is the fetch`, async () => {
    const refused = app(surroundings({ state: () => 'refused' }));
    await assert.rejects(async () => refused.request(path, init), asFetchDoes);
  });

  test(`${system} garbage answers 200 with what is no JSON`, async t => {
    const ask = await serving(t, app(surroundings({ state: () => 'garbage' })));
    const { status, body } = await ask(path, init);
    assert.equal(status, 200);
    assert.throws(() => JSON.parse(String(body)));
  });

  test(`${system} slow answers as ever, later than any sane limit`, async t => {
    const slept: number[] = [];
    const sleep = async (ms: number) => void slept.push(ms);
    const usual = await (await serving(t, app(surroundings())))(path, init);
    const late = await (await serving(t, app(surroundings({ state: () => 'slow', sleep }))))(path, init);
    assert.deepEqual([late.status, slept], [usual.status, [lateness]]);
  });

  test(`${system} slow can be given up on`, async t => {
    const ask = await serving(t, app(surroundings({ state: () => 'slow' })));
    await assert.rejects(ask(path, { ...init, signal: AbortSignal.timeout(30) }), { name: 'TimeoutError' });
  });
}
