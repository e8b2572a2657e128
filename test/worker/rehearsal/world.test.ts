// What a scenario's world answers, and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsOf } from '../../../worker/rehearsal/deliveries.ts';
import { scenario } from '../../../worker/rehearsal/schema.ts';
import { scriptedWorld } from '../../../worker/rehearsal/world.ts';
import { runbook } from '../../../workflows/catalog/index.ts';

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
    /"takeBack":\{"action":"setFallback","key":"k",.*"kind":"ConfigMap","namespace":"a","name":"b"\}/,
  );
});

const deliver = (deliveries: object[]) =>
  alertsOf(scenario.parse({ title: 'x', at, deliveries }).deliveries ?? [], {
    start,
    runbook: runbook('dynex-outage'),
    cluster: 'ours',
  });

test('what Alertmanager posts is read in its own form; the earliest alert comes first', () => {
  const [first, second] = deliver([
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
  ]);
  assert.deepEqual(first?.alert, {
    name: 'Down',
    status: 'firing',
    fingerprint: 'Down',
    startsAt: '2026-11-24T03:00:00.000Z',
    labels: { alertname: 'Down', cluster: 'c' },
    annotations: {},
    source: 'alertmanager',
  });
  assert.deepEqual([first?.at, second?.at], [start, start + 300_000]);
});

test('an alert belongs to the cluster that another names, else to the one of the platform', () => {
  const clusters = (...named: object[]) => deliver(named).map(({ alert }) => alert.labels['cluster']);
  const firing = { after: '0 minutes', status: 'firing' };
  const resolved = { after: '9 minutes', status: 'resolved' };
  assert.deepEqual(clusters(firing, resolved), ['ours', 'ours']);
  assert.deepEqual(clusters({ ...firing, labels: { cluster: 'theirs' } }, resolved), ['theirs', 'theirs']);
});

test('an alert that ends began when it last fired, so that its second end is another one', () => {
  const alerts = deliver([
    { after: '0 minutes', status: 'firing' },
    { after: '9 minutes', status: 'resolved' },
    { after: '20 minutes', status: 'firing' },
    { after: '29 minutes', status: 'resolved' },
  ]);
  assert.deepEqual(
    alerts.map(({ alert }) => (Date.parse(alert.startsAt) - start) / 60_000),
    [0, 0, 20, 20],
  );
});
