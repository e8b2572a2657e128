import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { serve } from '@hono/node-server';
import { z } from 'zod';
import { createIntake } from '../../../client/intake/app.ts';
import { readTokens } from '../../../client/intake/tokens.ts';
import { reported } from '../../../client/reported.ts';
import { Temporal } from '../../../client/temporal.ts';
import { eventually } from '../../support/eventually.ts';
import { runbooks } from '../command-line.ts';
import { freePort, startTemporal } from '../temporal-server.ts';
import { dynexDown, group } from '../intake/bodies.ts';
import { answer } from '../intake/edge.ts';

let server: Awaited<ReturnType<typeof startTemporal>>;
before(async () => {
  server = await startTemporal();
});
after(() => server.stop());

const appOf = (temporal: Temporal) =>
  createIntake({
    tokens: readTokens({ INTAKE_TOKEN: 'hush' }),
    platform: {
      cluster: 'nqba-production',
      timeZone: 'UTC',
      times: { pace: 1, quietMinutes: { P0: 60, P1: 60, P2: 30, P3: 30 } },
      links: {},
      namespaces: {},
      configMaps: {},
      workloads: {},
      roles: {},
      statusPage: { components: {} },
    },
    temporal,
    store: { save: async () => 'digest' },
    now: Date.now,
    say: () => {},
  });

function sender(temporal: Temporal) {
  const app = appOf(temporal);
  return async (alert: object) => {
    const headers = { authorization: 'Bearer hush' };
    const body = JSON.stringify(group(alert));
    const response = await app.request('/alertmanager', { method: 'POST', headers, body });
    return { status: response.status, ...answer.parse(await response.json()).alerts[0] };
  };
}

describe('intake on a real Temporal', () => {
  test('makes one incident of fifty deliveries from two senders, without a worker', async () => {
    const [one, other] = [sender(server.temporal), sender(new Temporal(server.environment))];
    const answers = await Promise.all(Array.from({ length: 25 }, () => [one(dynexDown), other(dynexDown)]).flat());
    assert.ok(answers.every(answer => answer.status === 200));
    assert.equal(answers.filter(answer => answer.result === 'opened').length, 1);
    assert.equal(new Set(answers.map(answer => answer.incident)).size, 1);
    const [incident, ...others] = await eventually(async () => {
      const found = await server.temporal.list();
      assert.notEqual(found.length, 0);
      return found;
    });
    assert.deepEqual(others, []);
    assert.equal(incident?.name, answers[0]?.incident);
    assert.equal(incident?.workflowId, 'incident:dynex-outage:nqba-production');
    const { state, severity, cluster } = incident;
    assert.deepEqual([state, severity, cluster], ['triggered', 'P1', 'nqba-production']);
  });

  test('joins another alert of the runbook to the open incident, also by another process', async () => {
    const before = await server.temporal.list();
    const result = await sender(new Temporal(server.environment))({
      ...dynexDown,
      labels: { ...dynexDown.labels, alertname: 'QuantumFallbackRateHigh' },
    });
    assert.deepEqual([result.result, result.incident], ['joined', before[0]?.name]);
  });

  test('takes an alert and its end from the command line, as from Alertmanager', async context => {
    const intake = serve({ fetch: appOf(server.temporal).fetch, hostname: '127.0.0.1', port: await freePort() });
    context.after(() => intake.close());
    await once(intake, 'listening');
    const address = z.object({ port: z.number() }).parse(intake.address());
    const run = runbooks({
      ...server.environment,
      INTAKE_URL: `http://127.0.0.1:${address.port}/alertmanager`,
      INTAKE_TOKEN: 'hush',
      STANDINS_CONTROL: 'http://127.0.0.1:1',
    });
    const [fired, ended, unknown] = [
      await run('practice', 'alert', 'DynexHealthCheckFailed', '--label', 'service=dynex'),
      await run('practice', 'alert', 'DynexHealthCheckFailed', '--label', 'service=dynex', '--resolved'),
      await run('practice', 'alert', 'NoSuchAlert'),
    ];
    const [incident] = await server.temporal.list();
    assert.ok(fired.stdout.startsWith(`joined ${incident?.name}`), fired.stdout);
    assert.match(ended.stdout, /^resolved: Dynex Outage was told/);
    assert.match(unknown.stdout, /^ignored: the catalog has no runbook for "NoSuchAlert"/);
  });

  test('keeps a critical alert without a runbook for the first level, in one workflow of the cluster; an end alone starts none', async () => {
    const send = sender(server.temporal);
    const ghost = { ...dynexDown, labels: { alertname: 'Ghost', severity: 'critical' } };
    const ended = { ...ghost, status: 'resolved', endsAt: '2026-11-24T02:30:00Z' };
    assert.equal((await send(ended)).status, 200);
    const workflowId = 'notice:nqba-production';
    await assert.rejects(server.temporal.again({ workflowId }));
    for (const alert of [ghost, { ...ghost, fingerprint: 'b', labels: { ...ghost.labels, alertname: 'Other' } }, ended])
      assert.equal((await send(alert)).result, 'ignored');
    const { type, open } = await server.temporal.again({ workflowId });
    assert.deepEqual([type, open], ['notice', true]);
  });

  test('keeps a watch on detection from the first Watchdog on, one for the cluster; without a worker its last is not known', async () => {
    const send = sender(server.temporal);
    const dog = { ...dynexDown, labels: { alertname: 'Watchdog', severity: 'none' } };
    const workflowId = 'watchdog:nqba-production';
    assert.equal((await send({ ...dog, status: 'resolved' })).status, 200);
    await assert.rejects(server.temporal.again({ workflowId }));
    for (const alert of [dog, { ...dog, fingerprint: 'b' }]) assert.equal((await send(alert)).result, 'ignored');
    const { type, open } = await server.temporal.again({ workflowId });
    assert.deepEqual([type, open], ['watchdog', true]);
    await eventually(async () => assert.deepEqual(await server.temporal.watchedDetection(), [{ cluster: 'nqba-production' }]));
  });

  test('says of an incident without a worker what is missing and what to type', async () => {
    const [incident] = await server.temporal.list();
    const { report, notProgressing } = await reported(server.temporal, incident ?? assert.fail());
    assert.equal(report, undefined);
    assert.equal(notProgressing?.error, 'no worker polls the task queue nqba-runbooks');
    assert.equal(notProgressing.fix, 'runbooks worker');
  });

  test('keeps what a person says to an incident without a worker, and says so', async () => {
    const [incident = assert.fail()] = await server.temporal.list();
    assert.equal(await server.temporal.tell(incident, 'acknowledge', { by: 'ann' }), 'sent');
  });

  test('tells an open incident that its alert has resolved', async () => {
    const result = await sender(server.temporal)({ ...dynexDown, status: 'resolved', endsAt: '2026-11-24T02:30:00Z' });
    assert.equal(result.result, 'resolved');
  });

  test('answers 503 while the server is away', async () => {
    const away = new Temporal({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });
    const result = await sender(away)(dynexDown);
    assert.deepEqual([result.status, result.result], [503, 'unreachable']);
    await away.close();
  });
});

describe('a server without our search attributes', () => {
  test('opens incidents all the same', async () => {
    const bare = await startTemporal({ attributes: [] });
    try {
      assert.equal((await sender(bare.temporal)(dynexDown)).result, 'opened');
      const [incident] = await eventually(async () => {
        const found = await bare.temporal.list();
        assert.notEqual(found.length, 0);
        return found;
      });
      assert.match(incident?.name ?? '', /^dynex-outage-/);
      assert.equal(incident?.state, undefined);
    } finally {
      await bare.stop();
    }
  });
});
