import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TemporalUnreachable } from '../../../client/errors.ts';
import type { Alert } from '../../../workflows/contract/index.ts';
import { dynexDown, group } from './bodies.ts';
import { answer, intake, now, platform } from './edge.ts';

describe('a delivery', () => {
  test('opens an incident, and the answer names fingerprint, result, incident, the rule that decided and the reason', async () => {
    const { results, started } = intake();
    const [result] = await results(dynexDown);
    assert.match(result?.incident ?? '', /^dynex-outage-20261124-[a-z2-9]{4}$/);
    assert.deepEqual(result, {
      fingerprint: '6d8f4be1cdd7ab93',
      result: 'opened',
      incident: started[0]?.name,
      runbook: 'dynex-outage',
      rule: 'label runbook',
      reason: 'Dynex Outage opened',
    });
  });

  test('names the rule that decided for each alert of a runbook, whatever becomes of it', async () => {
    const { runbook: _, ...labels } = dynexDown.labels;
    const byName = { ...dynexDown, labels };
    const rulesOf = async (given: Parameters<typeof intake>[0], ...alerts: unknown[]) =>
      (await intake(given).results(...alerts)).map(({ result, rule }) => [result, rule]);
    const ghost = { ...dynexDown, labels: { alertname: 'Ghost' } };
    assert.deepEqual(
      await rulesOf({}, byName, { ...byName, status: 'resolved' }, { ...dynexDown, startsAt: 7, status: 'on' }, ghost),
      [
        ['opened', 'alert name'],
        ['resolved', 'alert name'],
        ['quarantined', 'label runbook'],
        ['ignored', undefined],
      ],
    );
    assert.deepEqual(await rulesOf({ openOrJoin: () => Promise.reject(new TemporalUnreachable('gone')) }, byName), [
      ['unreachable', 'alert name'],
    ]);
    const without = { ...platform, workloads: { ledger: { kind: 'StatefulSet', namespace: 'shop', name: 'ledger' } } } as const;
    assert.deepEqual(await rulesOf({ platform: without }, byName), [['ignored', 'alert name']]);
  });

  test('carries into Temporal only what the catalog lists, and the digest of the whole body', async () => {
    const { results, started, kept } = intake();
    await results(dynexDown);
    const { environment: _, ...labels } = dynexDown.labels;
    assert.deepEqual(started[0]?.alert, {
      name: 'DynexHealthCheckFailed',
      status: 'firing',
      fingerprint: '6d8f4be1cdd7ab93',
      startsAt: '2026-11-24T02:11:13.482Z',
      labels,
      annotations: dynexDown.annotations,
      source: 'alertmanager',
      artifact: 'digest of body 1',
    });
    assert.deepEqual(JSON.parse(kept[0] ?? ''), group(dynexDown));
  });

  test('without a token, or with another, is refused with 401 before it is read', async () => {
    const { post, kept } = intake();
    assert.equal((await post('not JSON', {})).status, 401);
    for (const authorization of ['Bearer hus', 'hush', 'Basic hush'])
      assert.equal((await post('not JSON', { authorization })).status, 401);
    assert.deepEqual(kept, []);
  });

  test('that is no JSON, or no group of a version that is known, is refused with 400 and says why', async () => {
    const { post, kept } = intake();
    for (const body of ['', '{', '[]', 'null', { ...group(dynexDown), version: '3' }, group()]) {
      const response = await post(body);
      assert.equal(response.status, 400);
      assert.match(await response.text(), /"error":"✖/);
    }
    assert.deepEqual(kept, []);
  });

  test('names how many alerts Alertmanager left out', async () => {
    const { post, said, counted } = intake();
    const { truncatedAlerts } = answer.parse(await (await post({ ...group(dynexDown), truncatedAlerts: 7 })).json());
    assert.equal(truncatedAlerts, 7);
    assert.match(said.join(), /^left out by the sender: 7 alerts for \/alertmanager; raise max_alerts/);
    assert.deepEqual(await counted('nqba_runbooks_intake_left_out_total'), ['{path="/alertmanager"} 7']);
  });

  test('of a truncated group resolves only the alerts that it names: what is left out has not ended', async () => {
    const { post, ended } = intake();
    const over = { ...dynexDown, status: 'resolved', endsAt: '2026-11-24T02:14:00Z' };
    await post({ ...group(over), status: 'resolved', truncatedAlerts: 7 });
    assert.deepEqual(
      ended.map(({ fingerprint, status }) => [fingerprint, status]),
      [[dynexDown.fingerprint, 'resolved']],
    );
  });

  test('is answered 503 when Temporal cannot be reached, so that Alertmanager repeats it', async () => {
    const { post } = intake({ openOrJoin: () => Promise.reject(new TemporalUnreachable('Temporal gave no answer')) });
    const response = await post(group(dynexDown, { ...dynexDown, labels: { alertname: 'Watchdog' } }));
    assert.equal(response.status, 503);
    const { alerts } = answer.parse(await response.json());
    assert.deepEqual(
      alerts.map(({ result }) => result),
      ['unreachable', 'ignored'],
    );
  });

  test('that failed is told to Temporal again when it is repeated', async () => {
    let down = true;
    const { post } = intake({
      openOrJoin: async (_, { name }) => {
        if (down) throw new TemporalUnreachable('Temporal gave no answer');
        return { result: 'opened', incident: name, workflowId: '' };
      },
    });
    assert.equal((await post(group(dynexDown))).status, 503);
    down = false;
    assert.equal((await post(group(dynexDown))).status, 200);
  });

  test('opens its incident even when the body cannot be kept', async () => {
    const { results, started, said } = intake({ store: { save: () => Promise.reject(new Error('disk full')) } });
    assert.equal((await results(dynexDown))[0]?.result, 'opened');
    assert.equal(started[0]?.alert.artifact, undefined);
    assert.deepEqual(said, ['the body could not be kept: Error: disk full']);
  });

  test('repeated while it waits is told to Temporal once, and everyone is answered when it is durable', async () => {
    const durable = Promise.withResolvers<void>();
    const { results, started } = intake({
      openOrJoin: async (_, { name }) => {
        await durable.promise;
        return { result: 'opened', incident: name, workflowId: '' };
      },
    });
    const deliveries = Array.from({ length: 50 }, () => results(dynexDown));
    durable.resolve();
    const words = (await Promise.all(deliveries)).map(([result]) => result?.result);
    assert.deepEqual(words, ['opened', ...Array.from({ length: 49 }, () => 'joined')]);
    assert.equal(started.length, 1);
  });

  test('of many alerts tells several of them at a time, and what is said of one in the order of its arrival', async () => {
    const order: string[] = [];
    let [together, most] = [0, 0];
    const openOrJoin = async (_: unknown, { alert, name }: { alert: Alert; name: string }) => {
      most = Math.max(most, (together += 1));
      await setImmediate();
      together -= 1;
      order.push(`${alert.fingerprint} fires`);
      return { result: 'joined' as const, incident: name, workflowId: '' };
    };
    const resolve = async (_: unknown, { fingerprint }: Alert) => order.push(`${fingerprint} ends`) > 0;
    const { results } = intake({ temporal: { ...intake().temporal, openOrJoin, resolve } });
    const alerts = ['one', 'two', 'three', 'four', 'five'].map(fingerprint => ({ ...dynexDown, fingerprint }));
    await results(...alerts, ...alerts.map(one => ({ ...one, status: 'resolved', endsAt: '2026-11-24T02:15:00Z' })));
    assert.ok(most > 1 && most <= 4, `${most} at a time`);
    for (const { fingerprint } of alerts)
      assert.deepEqual(
        order.filter(line => line.startsWith(`${fingerprint} `)),
        [`${fingerprint} fires`, `${fingerprint} ends`],
      );
  });

  test('of a beginning after its own end is told again at once: it may fire again', async () => {
    const { results, started, ended } = intake();
    const resolved = { ...dynexDown, status: 'resolved', endsAt: '2026-11-24T02:16:19Z' };
    for (const alert of [dynexDown, dynexDown, resolved, resolved, dynexDown, dynexDown, resolved]) await results(alert);
    assert.deepEqual([started.length, ended.length], [2, 2]);
  });

  test('repeated ten seconds later is told again, because the incident may have closed', async () => {
    let clock = now;
    const { results, started } = intake({ now: () => clock });
    for (const later of [0, 9_000, 1_001]) {
      clock += later;
      await results(dynexDown);
    }
    assert.equal(started.length, 2);
  });
});

describe('a probe', () => {
  test('of life needs no token, and of readiness asks Temporal', async () => {
    const { app } = intake();
    assert.equal((await app.request('/healthz')).status, 200);
    assert.equal((await app.request('/readyz')).status, 200);
  });

  test('of readiness says 503 and why while Temporal is away', async () => {
    const { app } = intake({
      temporal: {
        openOrJoin: () => assert.fail(),
        resolve: () => assert.fail(),
        notice: () => assert.fail(),
        proveDetection: () => assert.fail(),
        ready: () => Promise.reject(new TemporalUnreachable('Temporal at x gave no answer')),
      },
    });
    const response = await app.request('/readyz');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /Temporal at x gave no answer/);
  });

  test('of anything else is told what there is', async () => {
    assert.equal((await intake().app.request('/')).status, 404);
  });
});
