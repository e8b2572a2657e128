/** Every fault crosses an activity as one of three: try again, try again at a time, stop. */

import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { inspect } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { stringify } from 'yaml';
import { deployments } from '../../activities/connectors/resources.ts';
import { longestDelay } from '../../activities/failures.ts';
import { byType, createActivities } from '../../activities/index.ts';
import { aPlatform, activitiesWith, answers, armed, connected, refuses, virtualClock } from './bare.ts';
import { activityNames } from '../../workflows/catalog/activities.ts';

const open = { key: 'run-1/Immediate Response/Activate Circuit Breaker/1' };
const status = (message: string, more = {}) => ({ kind: 'Status', message, ...more });

/** What the breaker makes of an API server that always answers so. */
async function breaker(fetch: () => Response): Promise<ApplicationFailure> {
  const { quantum } = activitiesWith({ kubernetes: { fetch } });
  const error = await quantum.setFallback({ enabled: true }, open).then(
    () => undefined,
    error => error,
  );
  assert.ok(error instanceof ApplicationFailure, String(error));
  return error;
}

const table = [
  [400, 'BadInput', 'stop', true],
  [401, 'Unauthorised', 'stop', true],
  [403, 'Forbidden', 'stop', true],
  [404, 'NotFound', 'stop', true],
  [409, 'Refused', 'again', true],
  [422, 'BadInput', 'stop', true],
  [429, 'Refused', 'again', true],
  [500, 'Unreachable', 'again', false],
  [503, 'Unreachable', 'again', false],
  [302, 'Refused', 'stop', true],
  [418, 'Refused', 'stop', true],
] as const;
for (const [code, type, result, nothingDone] of table)
  test(`${code} from the API server: ${result}, ${type}`, async () => {
    const error = await breaker(answers(code, status('the reason')));
    assert.deepEqual([error.type, error.nonRetryable, error.details], [type, result === 'stop', [{ nothingDone }]]);
    assert.match(error.message, new RegExp(`Kubernetes answered ${code}: the reason\\. [A-Z].*\\.$`));
  });

test('an API server that is over its limit is tried again when it asked for it, but not in a year', async () => {
  const slow = status('too many requests', { details: { retryAfterSeconds: 7 } });
  assert.equal((await breaker(answers(429, slow))).nextRetryDelay, 7_000);
  assert.equal((await breaker(answers(429, status('x'), { 'retry-after': '3' }))).nextRetryDelay, 3_000);
  assert.equal((await breaker(answers(429, status('x'), { 'retry-after': '31536000' }))).nextRetryDelay, longestDelay);
});

test('nobody listening, silence and garbage are tried again', async () => {
  const silent = () => new Promise<Response>(() => undefined);
  for (const fetch of [refuses, answers(200, '<html>It works!</html>'), answers(200, { metadata: {} })]) {
    const error = await breaker(fetch);
    assert.deepEqual([error.type, error.nonRetryable], ['Unreachable', false]);
  }
  const { quantum } = activitiesWith({ kubernetes: { fetch: silent } });
  await assert.rejects(quantum.setFallback({ enabled: true }, open), { message: /no answer within 10 s/ });
});

test('an unreadable hold is a hold', async () => {
  const { comms } = activitiesWith({
    kubernetes: { fetch: answers(403, status('configmaps "nqba-runbooks" is forbidden')) },
    statuspage: { url: 'http://s', key: 'k', page: 'p', fetch: request => page(request) },
  });
  const outcome = await comms.setStatusPage({ component: 'quantum', status: 'degraded_performance', text: 'degraded' }, open);
  assert.match(JSON.stringify(outcome), /"held".*is forbidden/);
});

const page = ({ url }: Request) =>
  Response.json(url.endsWith('/components') ? [{ id: 'c', name: 'Quantum computing', status: 'operational' }] : []);

test('a long body with colours is cut to a line', async () => {
  const error = await breaker(answers(500, `\u001b[31m${'x'.repeat(5_000)}\nsecond line`));
  assert.ok(error.message.length < 400);
  assert.doesNotMatch(error.message, /\p{Cc}/u);
});

test('secrets that connectors are made of never stand in a failure', async () => {
  const { comms, oncall } = activitiesWith({
    kubernetes: { fetch: armed },
    slack: { url: 'http://slack/api/', token: 'xoxb-the-token', fetch: answers(200, { ok: false, error: 'invalid_auth' }) },
    pagerduty: { url: 'http://pd', routingKeys: () => 'the-routing-key', fetch: refuses },
    statuspage: { url: 'http://sp', key: 'the-page-key', page: 'p', fetch: answers(401, { error: 'Could not authenticate' }) },
  });
  const calls = [
    comms.declareIncident({ title: 'x' }, open),
    oncall.page({ roles: ['primary'] }, open),
    comms.setStatusPage({ component: 'quantum', status: 'operational', text: 'dynex-resolved' }, open),
  ];
  for (const result of await Promise.allSettled(calls)) {
    assert.equal(result.status, 'rejected');
    assert.doesNotMatch(inspect(result, { depth: 9, showHidden: true }), /the-token|the-routing-key|the-page-key/);
  }
});

test('an address is never told, whatever `fetch` says of it', async () => {
  const address = 'http://bot:the-password@sp?token=the-token';
  const fetch = () => {
    throw new TypeError(`Failed to parse URL from ${address}`);
  };
  const { comms } = activitiesWith({
    kubernetes: { fetch: armed },
    statuspage: { url: address, key: 'k', page: 'p', fetch },
  });
  const call = comms.setStatusPage({ component: 'quantum', status: 'operational', text: 'dynex-resolved' }, open);
  await assert.rejects(call, error => {
    assert.match(String(error), /The status page cannot be reached: .*<address>/);
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /the-password|the-token/);
    return true;
  });
});

/** A real socket, for what only the real way to an API server can show. */
async function served<T>(listener: RequestListener, use: (kubeconfig: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const file = join(mkdtempSync(join(tmpdir(), 'nqba-kubeconfig-')), 'config');
  const cluster = { server: `http://127.0.0.1:${address.port}/prefix`, 'insecure-skip-tls-verify': true };
  writeFileSync(
    file,
    stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: 'abc' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  try {
    return await use(file);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('through a kubeconfig: signed in, under its path, and given up when the server stays silent', async () => {
  const asked: string[] = [];
  const silence = Promise.withResolvers<void>();
  await served(
    (request, response) => {
      asked.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization}`);
      if (asked.length > 1) return silence.resolve();
      response.writeHead(429, { 'retry-after': '2' }).end(JSON.stringify(status('slow down')));
    },
    async kubeconfig => {
      const systems = connected({ kubernetes: { kubeconfig } }, { now: Date.now, sleep: waitingFor(silence.promise) });
      const read = () => systems.kubernetes?.read(deployments, { namespace: 'n', name: 'd' });
      await assert.rejects(async () => read(), { status: 429, retryAfter: 2_000 });
      await assert.rejects(async () => read(), { fault: 'unreachable', message: /no answer within 10 s/ });
    },
  );
  assert.equal(asked[0], 'GET /prefix/apis/apps/v1/namespaces/n/deployments/d Bearer abc');
});

/** The limit of time is over when this is, however long that takes on a busy machine. */
const waitingFor = (over: Promise<void>) => (_: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    void over.then(resolve);
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });

test('activities run where Temporal runs them', async () => {
  const clock = virtualClock();
  const activities = createActivities({ platform: aPlatform, systems: connected({}, clock), ...clock });
  const environment = new MockActivityEnvironment({ workflowType: 'dynexOutage' });
  await assert.rejects(environment.run(activities.quantum.setFallback, { enabled: true }, open), {
    type: 'Refused',
    message: /Kubernetes is not connected: set KUBECONFIG/,
  });
});

test('each activity has a type of its own', () => {
  const activities = activitiesWith({});
  assert.equal(Object.keys(byType(activities)).length, activityNames.length);
  const twice = { ...activities, observe: { ...activities.observe, page: activities.oncall.page } };
  assert.throws(() => byType(twice), /Two activities are called page/);
});
