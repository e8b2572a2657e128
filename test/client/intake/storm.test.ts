/** A storm of alerts while Temporal is slow: nothing is lost, the most urgent goes first, and each repeated body comes to its end. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Start } from '../../../workflows/contract/index.ts';
import { Turns } from '../../../client/intake/turns.ts';
import { answer } from '../../../client/intake/answer.ts';
import { dynexDown, group } from './bodies.ts';
import { intake, now } from './edge.ts';

/** A Temporal that answers one call at a time, each a second later. */
function slowTemporal(callsEach = 1) {
  let clock = now;
  const waiting: (() => void)[] = [];
  const order: string[] = [];
  const openOrJoin = async (_: unknown, { alert, name }: Start) => {
    order.push(alert.labels['priority'] ?? '');
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    await promise;
    return { result: 'joined' as const, incident: name, workflowId: '' };
  };
  const turns = new Turns({ width: 8, mostWaiting: 20 });
  const edge = intake({ openOrJoin, turns, now: () => clock });
  /** Seconds in which so many calls are answered. */
  const passes = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock += 1_000;
      for (const end of waiting.splice(0, callsEach)) end();
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    }
  };
  /** Time passes until it is answered. */
  const answered = async (posted: Response | Promise<Response>) => {
    const soon = () => passes(1);
    for (;;) {
      const response = await Promise.race([posted, soon()]);
      if (response) return resultsOf(response);
    }
  };
  return { ...edge, order, passes, answered };
}

const alerts = (count: number, labels: Record<string, string> = {}, startsAt = dynexDown.startsAt) =>
  Array.from({ length: count }, (_, index) => ({
    ...dynexDown,
    startsAt,
    labels: { ...dynexDown.labels, ...labels },
    fingerprint: `${labels['priority'] ?? ''}${startsAt}-${index}`,
  }));
const p0 = { alertname: 'QuantumServiceUnavailable', priority: 'P0' };
const resultsOf = async (response: Response) => {
  const { alerts, more } = answer.parse(await response.json());
  return [response.status, [...new Set(alerts.map(({ result }) => result))], more];
};

describe('a storm', () => {
  test('is answered 503 beyond what may wait, before anything of the body is told, and a repeat is taken when there is room', async () => {
    const { post, passes, answered, started, counted, said } = slowTemporal(32);
    const first = post(group(...alerts(30)));
    await passes(2);
    const later = group(...alerts(12, {}, '2026-11-24T02:12:00Z'));
    assert.deepEqual(await answered(post(later)), [503, ['overloaded'], undefined]);
    assert.equal(new Set(started.map(({ alert }) => alert.startsAt)).size, 1);
    assert.deepEqual(await counted('nqba_runbooks_intake_alerts_total'), ['{path="/alertmanager",result="overloaded"} 12']);
    assert.match(said.join('\n'), /^overloaded: 12 alerts are for their sender to repeat/m);
    assert.deepEqual(await answered(first), [200, ['joined'], undefined]);
    assert.deepEqual(await answered(post(later)), [200, ['joined'], undefined]);
    assert.equal(started.length, 42);
  });

  test('of lesser alerts neither keeps out one of P0 nor goes before it', async () => {
    const { post, passes, answered, order } = slowTemporal(4);
    const flood = post(group(...alerts(30, { priority: 'P2' })));
    await passes(2);
    const before = order.length;
    assert.deepEqual(await answered(post(group(...alerts(1, p0)))), [200, ['joined'], undefined]);
    assert.ok(order.indexOf('P0') - before <= 8, `${order.indexOf('P0') - before} went before it`);
    assert.deepEqual((await answered(flood))[0], 200);
  });

  test('in one body that takes longer than a repeat is remembered, and than its sender waits, comes to its end', async () => {
    const { post, passes, answered, started } = slowTemporal();
    const body = group(...alerts(100));
    for (let repeats = 0; repeats < 10; repeats += 1) {
      void post(body);
      await passes(10);
    }
    assert.deepEqual([(await answered(post(body)))[0], started.length], [200, 100]);
  });
});
