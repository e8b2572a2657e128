import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { idOf } from '../../../lab/stand-ins/pagerduty/rest.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { json, type Row, serving } from './serving.ts';

const key = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const payload = { summary: 'Dynex is down', source: 'runbooks', severity: 'critical' };
const trigger = { routing_key: key, event_action: 'trigger', dedup_key: 'incident-1', payload };
const path = '/v2/enqueue';
const invalid = (...errors: string[]) => ({
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});

const refusals: Record<string, Row> = {
  'a body that is no JSON': {
    path,
    init: { method: 'POST', body: 'routing_key=x' },
    status: 400,
    body: { status: 'invalid event', message: 'Event object format is unrecognized', errors: ['JSON parse error'] },
  },
  'an event with nothing in it': {
    path,
    init: json({}),
    ...invalid("'routing_key' cannot be blank", "'event_action' is missing or blank"),
  },
  'a routing key of the wrong length and with signs': {
    path,
    init: json({ ...trigger, routing_key: 'e+23rschqsESqk9Q6_-g' }),
    ...invalid(
      "Length of 'routing_key' is incorrect (should be 32 characters)",
      "'routing_key' cannot contain non-alphanumeric characters.",
    ),
  },
  'a routing key that no integration has': {
    path,
    init: json({ ...trigger, routing_key: '0'.repeat(32) }),
    ...invalid('Invalid routing key'),
  },
  'an unknown action': {
    path,
    init: json({ ...trigger, event_action: 'close' }),
    ...invalid("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"),
  },
  'an unknown severity': {
    path,
    init: json({ ...trigger, payload: { ...payload, severity: 'P1' } }),
    ...invalid("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"),
  },
  'a trigger without its payload': {
    path,
    init: json({ ...trigger, payload: undefined }),
    ...invalid(
      "'payload.summary' is missing or blank",
      "'payload.source' is missing or blank",
      "'payload.severity' is missing or blank",
    ),
  },
  'a dedup key of 256 characters': {
    path,
    init: json({ ...trigger, dedup_key: 'x'.repeat(256) }),
    ...invalid("Length of 'dedup_key' is incorrect (should be at most 255 characters)"),
  },
  'a resolve that names no alert': {
    path,
    init: json({ routing_key: key, event_action: 'resolve' }),
    ...invalid("'dedup_key' is missing or blank"),
  },
  'an event above 512 KB': {
    path,
    init: json({ ...trigger, payload: { ...payload, summary: 'x'.repeat(513 * 1024) } }),
    status: 413,
    body: { status: 'invalid event', message: 'Event object is too large', errors: ['Event exceeds 512 KB'] },
  },
  'another method': { path, status: 405, body: 'Method Not Allowed' },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`PagerDuty refuses ${what}`, async t => {
    const messages: Message[] = [];
    const ask = await serving(t, pagerduty(surroundings({ record: message => messages.push(message) })));
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body, messages], [status, body, []]);
  });
}

test('PagerDuty throttles the 121st event of a minute', async t => {
  const ask = await serving(t, pagerduty(surroundings({ now: () => 5_000 })));
  const statuses: number[] = [];
  for (let event = 0; event < 121; event++) statuses.push((await ask(path, json(trigger))).status);
  assert.equal(statuses.indexOf(429), 120);
});

test('one alert pages once, however often it is triggered, and again after it was resolved', async t => {
  const messages: Message[] = [];
  const ask = await serving(t, pagerduty(surroundings({ record: message => messages.push(message) })));
  const send = (event_action: string) => ask(path, json({ ...trigger, event_action }));
  for (const action of ['trigger', 'trigger', 'acknowledge', 'trigger', 'acknowledge', 'resolve', 'resolve', 'trigger']) {
    assert.equal((await send(action)).status, 202);
  }
  const texts = messages.map(({ text }) => text);
  const paged = 'triggered (critical): Dynex is down';
  assert.deepEqual(texts, [paged, 'acknowledged', 'resolved', paged]);
});

test('an acknowledgement of what was never triggered is accepted and tells nobody', async t => {
  const messages: Message[] = [];
  const ask = await serving(t, pagerduty(surroundings({ record: message => messages.push(message) })));
  const { status, body } = await ask(path, json({ ...trigger, event_action: 'acknowledge' }));
  assert.deepEqual(
    [status, body, messages],
    [202, { status: 'success', message: 'Event processed', dedup_key: 'incident-1' }, []],
  );
});

test('a trigger without a dedup key is given one', async t => {
  const ask = await serving(t, pagerduty(surroundings()));
  const { body } = await ask(path, json({ ...trigger, dedup_key: undefined }));
  assert.match(JSON.stringify(body), /"dedup_key":"[0-9a-f]{32}"/);
});

const asAnn = { Authorization: 'Token token=ann', From: 'ann@nqba.example' };
const version = { Accept: 'application/vnd.pagerduty+json;version=2' };
const incidents = '/incidents?incident_key=incident-1';

const restRefusals: Record<string, Row> = {
  'a token that is missing': {
    path: incidents,
    init: { headers: version },
    status: 401,
    body: { error: { message: 'Authentication failed', code: 2006 } },
  },
  'another version of the API': {
    path: incidents,
    init: { headers: { ...asAnn, Accept: 'application/vnd.pagerduty+json;version=1' } },
    status: 406,
    body: 'Not Acceptable',
  },
  'an incident that it does not have': {
    path: '/incidents/QNONE',
    init: { headers: { ...asAnn, ...version } },
    status: 404,
    body: { error: { message: 'Not Found', code: 2100 } },
  },
};

for (const [what, { path, init, status, body }] of Object.entries(restRefusals)) {
  test(`PagerDuty's REST API refuses ${what}`, async t => {
    const ask = await serving(t, pagerduty(surroundings()));
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body], [status, body]);
  });
}

test("PagerDuty's REST API throttles the 961st call of a minute, and says how long", async () => {
  const app = pagerduty(surroundings({ now: () => 5_000 }));
  const ask = () => app.request(incidents, { headers: { ...asAnn, ...version } });
  for (let call = 0; call < 960; call++) assert.equal((await ask()).status, 200);
  const late = await ask();
  assert.deepEqual([late.status, late.headers.get('ratelimit-reset')], [429, '60']);
});

test('an incident names whoever has acknowledged it; in a maintenance window there is none', async t => {
  const set: { state: State } = { state: 'maintenance' };
  const ask = await serving(t, pagerduty(surroundings({ state: () => set.state, now: () => 0 })));
  const found = async () => (await ask(incidents, { headers: { ...asAnn, ...version } })).body;
  assert.equal((await ask(path, json(trigger))).status, 202);
  assert.deepEqual(Reflect.get(Object(await found()), 'incidents'), []);
  set.state = 'healthy';
  await ask(path, json(trigger));
  const change = { incident: { type: 'incident_reference', status: 'acknowledged' } };
  await ask(`/incidents/${idOf('incident-1')}`, { ...json(change, asAnn), method: 'PUT' });
  const { incidents: all } = z.object({ incidents: z.array(z.object({ acknowledgements: z.unknown() })) }).parse(await found());
  assert.deepEqual(all[0]?.acknowledgements, [
    { at: '1970-01-01T00:00:00.000Z', acknowledger: { id: 'P6D6C78', summary: 'Ann Lee', type: 'user_reference' } },
  ]);
});
