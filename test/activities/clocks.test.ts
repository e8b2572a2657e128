/** A clock that is five minutes off makes no change come before what it followed, and no age longer or negative. */

import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import type { Fetch } from '../../activities/connectors/http.ts';
import { span } from '../../client/cli/text.ts';
import { activitiesWith, answers, virtualClock } from './bare.ts';
import { deployment, fetchOf } from './kubernetes/cluster-of.ts';

const minute = 60_000;
const fired = Date.parse('2026-11-24T03:00:00Z');
const rfc = (at: number) => new Date(at).toISOString();

/** A system whose clock is so many minutes ahead. */
const dated =
  (fetch: (request: Request) => Response | Promise<Response>, now: () => number, ahead: number): Fetch =>
  async request => {
    const answer = await fetch(request);
    const headers = new Headers(answer.headers);
    headers.set('date', new Date(now() + ahead * minute).toUTCString());
    return new Response(await answer.text(), { status: answer.status, headers });
  };

/** By whose clock the true time is so many minutes more. */
interface Ahead {
  apiServer?: number;
  prometheus?: number;
  worker?: number;
}

/** Somebody changed the Deployment so many minutes after the alert fired, in truth. */
function changedAt(minutes: number, { apiServer = 0, prometheus = 0, worker = 0 }: Ahead) {
  const truth = virtualClock(fired + 10 * minute);
  const at = fired + (minutes + apiServer) * minute;
  const { metadata, ...rest } = deployment();
  const changed = {
    ...rest,
    metadata: {
      ...metadata,
      creationTimestamp: rfc(fired - 86_400_000),
      managedFields: [{ manager: 'bob', operation: 'Update', time: rfc(at), fieldsV1: { 'f:spec': { 'f:paused': {} } } }],
    },
  };
  const result = [{ metric: {}, value: [0, String((truth.now() + prometheus * minute) / 1000)] }];
  const clock = { ...truth, now: () => truth.now() + worker * minute };
  const { kubernetes } = activitiesWith(
    {
      kubernetes: { fetch: dated(fetchOf({ deployment: changed, sets: [] }), truth.now, apiServer) },
      prometheus: {
        url: 'http://prometheus',
        fetch: answers(200, { status: 'success', data: { resultType: 'vector', result } }),
      },
    },
    clock,
  );
  return kubernetes.rollouts({ workloads: ['api'], before: rfc(fired + prometheus * minute) });
}

describe('a change and an alert', () => {
  const off: [string, Ahead][] = [
    ['no clock', {}],
    ...[5, -5].flatMap((by): [string, Ahead][] => [
      [`the API server ${by} min`, { apiServer: by }],
      [`Prometheus ${by} min`, { prometheus: by }],
      [`the worker ${by} min`, { worker: by }],
    ]),
  ];
  for (const [which, ahead] of off) {
    test(`two minutes before is before, and two minutes after is not: off is ${which}`, async () => {
      const before = await changedAt(-2, ahead);
      assert.deepEqual([before.verdict, before.facts?.change?.minutesBefore], ['faulty', 2], before.evidence);
      const after = await changedAt(2, ahead);
      assert.notEqual(after.verdict, 'faulty');
      assert.doesNotMatch(after.evidence, /bob/);
    });
  }

  test('the difference is said where there is one', async () => {
    const { evidence } = await changedAt(-2, { apiServer: 5 });
    assert.match(evidence, /The clock of the API server is 5 min ahead of that of Prometheus: changes are told by the former/);
    assert.match((await changedAt(-2, { prometheus: 5 })).evidence, /5 min behind that of Prometheus/);
    assert.doesNotMatch((await changedAt(-2, { worker: 5 })).evidence, /clock/);
  });
});

/** A job that has waited, or run, for so many minutes. */
function jobsOf(minutes: number, ahead: number) {
  const truth = virtualClock(fired);
  const since = rfc(fired - minutes * minute);
  const job = { job_id: 'j', operation: 'routing', priority: 'normal', created_at: since, timeout_seconds: 300 };
  const listed: Record<string, object[]> = {
    queued: [{ ...job, status: 'queued' }],
    running: [{ ...job, status: 'running', started_at: since }],
    completed: [],
  };
  const fetch = (request: Request) => Response.json(listed[new URL(request.url).searchParams.get('status') ?? ''] ?? {});
  const clock = { ...truth, now: () => truth.now() + ahead * minute };
  return activitiesWith({ api: { url: 'http://api', fetch: dated(fetch, truth.now, 0) } }, clock).quantum;
}

for (const ahead of [5, -5])
  test(`a job is as old as by the clock that dated it, with ours ${ahead} min ahead`, async () => {
    const queue = await jobsOf(3, ahead).queue({});
    assert.equal(queue.facts?.oldest, 3, queue.evidence);
    assert.deepEqual((await jobsOf(3, ahead).stuckJobs({})).facts?.stuck, 0);
    assert.deepEqual((await jobsOf(7, ahead).stuckJobs({})).facts?.stuck, 1);
  });

test('a job from a pod whose clock is ahead, and an alert that is still to fire, have no age below zero', async () => {
  assert.equal((await jobsOf(-5, 0).queue({})).facts?.oldest, 0);
  assert.doesNotMatch(span(-5 * minute), /-/);
});
