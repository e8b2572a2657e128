// What a scenario's world answers, and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingAlert } from '../../../worker/rehearsal/deliveries.ts';
import { scenario } from '../../../worker/rehearsal/schema.ts';
import { scriptedWorld } from '../../../worker/rehearsal/world.ts';

const at = '2026-11-24T03:00:00Z';
const start = Date.parse(at);
const worldOf = (world: object, mode = 'supervised') => {
  const written = scenario.parse({ title: 'x', at, world, mode });
  const { answers } = scriptedWorld({ ...written, start });
  return (type: string, args: unknown[], minutes = 0) =>
    answers({ type, title: 'A step', args, attempt: 1, at: start + minutes * 60_000 });
};
const action = [{}, { key: 'k' }];

test('answers come in turn, and the last one stays', () => {
  const ask = worldOf({ 'A step': [{ fails: 'once' }, { verdict: 'faulty' }, { verdict: 'healthy' }] });
  const said = [1, 2, 3, 4].map(() => JSON.stringify(ask('probe', [{}])));
  assert.match(said[0] ?? '', /error/);
  assert.match(said[1] ?? '', /faulty/);
  assert.match(said[2] ?? '', /healthy/);
  assert.equal(said[3], said[2]);
});

test('an answer with a time holds from then on', () => {
  const ask = worldOf({ probe: [{ verdict: 'faulty' }, { from: '30 minutes', verdict: 'healthy' }] });
  const verdicts = [0, 10, 30, 40].map(minutes => JSON.stringify(ask('probe', [{}], minutes)).match(/faulty|healthy/)?.[0]);
  assert.deepEqual(verdicts, ['faulty', 'faulty', 'healthy', 'healthy']);
});

test('of what a scenario says nothing all is well, and a watch takes as long as it must hold', () => {
  const ask = worldOf({});
  assert.deepEqual(ask('probe', [{}]), { result: { verdict: 'healthy', evidence: 'All is well.' }, takes: 1000 });
  assert.equal(ask('watch', [{ watching: { for: 600_000 } }]).takes, 600_000);
  assert.match(JSON.stringify(ask('setFallback', action)), /"done"/);
});

test('what people must approve is a plan until they have approved that plan', () => {
  const ask = worldOf({ 'A step': { done: 'Closed.', asks: 'People decide.', takes: '90 seconds' } });
  const planned = ask('setFallback', action);
  assert.match(JSON.stringify(planned), /"planned".*People decide/);
  assert.equal(planned.takes, 1000);
  const done = ask('setFallback', [{}, { key: 'k', approved: 'Closed.' }]);
  assert.match(JSON.stringify(done), /"done"/);
  assert.equal(done.takes, 90_000);
});

test('where it only observes what would change something is planned, and what is said to responders is said', () => {
  const world = { 'A step': { done: 'Changed.', changes: [['ConfigMap a/b', 'F', 'x', 'y']] }, page: { done: 'Paged.' } };
  assert.match(JSON.stringify(worldOf(world, 'observe')('setFallback', action)), /"reason":"observe"/);
  assert.match(JSON.stringify(worldOf({ page: world.page }, 'observe')('page', action)), /"done"/);
});

test('what was changed on Kubernetes can be taken back', () => {
  const ask = worldOf({ 'A step': { done: 'Changed.', changes: [['ConfigMap a/b', 'F', 'x', 'y']] } });
  assert.match(
    JSON.stringify(ask('setFallback', action)),
    /"takeBack":\{"kind":"ConfigMap","namespace":"a","name":"b","key":"k"\}/,
  );
});

test('what Alertmanager posts is read in its own form; the earliest alert opens the incident', () => {
  const { deliveries } = scenario.parse({
    title: 'x',
    at,
    deliveries: [
      { after: '5 minutes', status: 'resolved' },
      {
        after: '0 minutes',
        alertmanager: {
          version: '4',
          alerts: [
            { status: 'firing', labels: { alertname: 'Down', secret: 's', cluster: 'c' }, startsAt: '2026-11-24T04:00:00+01:00' },
          ],
        },
      },
    ],
  });
  const { opening, messages } = openingAlert(deliveries, start, { slug: 'x', severity: 'P1', alert: 'Other' });
  assert.deepEqual(opening, {
    name: 'Down',
    status: 'firing',
    fingerprint: 'Down',
    startsAt: '2026-11-24T03:00:00.000Z',
    labels: { alertname: 'Down', cluster: 'c' },
    annotations: {},
    source: 'alertmanager',
  });
  assert.deepEqual(
    messages.map(({ after }) => after),
    [0, 300_000],
  );
});
