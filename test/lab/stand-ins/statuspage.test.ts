import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { statuspage } from '../../../lab/stand-ins/statuspage.ts';
import { json, type Row, serving } from './serving.ts';

const auth = { Authorization: 'OAuth key-1' };
const base = '/v1/pages/nqba';
const incidents = `${base}/incidents`;
const quantum = 'qc7c0mput1ng';
const opening = {
  name: 'Quantum jobs run slower',
  body: 'We are looking into it.',
  component_ids: [quantum],
  components: { [quantum]: 'degraded_performance' },
  metadata: { nqba: { key: 'k/1' } },
};
const create = (incident: object) => json({ incident }, auth);
const patch = (body: object): RequestInit => ({ ...json(body, auth), method: 'PATCH' });

const refusals: Record<string, Row> = {
  'a call without a key': { path: incidents, status: 401, body: { error: 'Could not authenticate' } },
  'a bearer token': {
    path: incidents,
    init: { headers: { Authorization: 'Bearer key-1' } },
    status: 401,
    body: { error: 'Could not authenticate' },
  },
  'a key that may only read': {
    path: incidents,
    init: json({ incident: opening }, { Authorization: 'OAuth readonly' }),
    status: 403,
    body: { error: 'You are not authorized to access this resource.' },
  },
  'a page that does not exist': {
    path: '/v1/pages/other/incidents',
    init: { headers: auth },
    status: 404,
    body: { error: 'The requested resource could not be found.' },
  },
  'an incident that does not exist': {
    path: `${incidents}/none`,
    init: patch({ incident: { status: 'resolved' } }),
    status: 404,
    body: { error: 'The requested resource could not be found.' },
  },
  'a body without its incident': {
    path: incidents,
    init: json(opening, auth),
    status: 400,
    body: { error: 'param is missing or the value is empty: incident' },
  },
  'an incident without a name': {
    path: incidents,
    init: create({ ...opening, name: undefined }),
    status: 422,
    body: { error: ["Name can't be blank"] },
  },
  'a status that belongs to maintenance': {
    path: incidents,
    init: create({ ...opening, status: 'in_progress' }),
    status: 422,
    body: { error: ['Status is not included in the list'] },
  },
  'a component that the page does not have': {
    path: incidents,
    init: create({ ...opening, component_ids: ['other'] }),
    status: 422,
    body: { error: ['Component other could not be found'] },
  },
  'a component state that does not exist': {
    path: `${base}/components/${quantum}`,
    init: patch({ component: { status: 'down' } }),
    status: 422,
    body: { error: ['Status is not included in the list'] },
  },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`Statuspage refuses ${what}`, async t => {
    const messages: Message[] = [];
    const ask = await serving(t, statuspage(surroundings({ record: message => messages.push(message) })));
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body, messages], [status, body, []]);
  });
}

test('Statuspage refuses the 61st call of a minute and says how long to wait', async t => {
  const ask = await serving(t, statuspage(surroundings({ now: () => 5_000 })));
  const statuses: number[] = [];
  for (let call = 0; call < 61; call++) statuses.push((await ask(incidents, { headers: auth })).status);
  assert.equal(statuses.indexOf(429), 60);
  assert.equal((await ask(incidents, { headers: auth })).headers.get('Retry-After'), '60');
});

const Id = z.looseObject({ id: z.string() });

test('an incident is published, found among the unresolved by its metadata, resolved, and not reopened', async t => {
  const messages: Message[] = [];
  const ask = await serving(t, statuspage(surroundings({ record: message => messages.push(message) })));
  const { id } = Id.parse((await ask(incidents, create(opening))).body);
  const unresolved = await ask(`${incidents}/unresolved`, { headers: auth });
  assert.partialDeepStrictEqual(unresolved.body, [{ id, status: 'investigating', metadata: opening.metadata }]);
  const change = { status: 'resolved', body: 'Jobs run as usual.', components: { [quantum]: 'operational' } };
  assert.equal((await ask(`${incidents}/${id}`, patch({ incident: change }))).status, 200);
  assert.deepEqual((await ask(`${incidents}/unresolved`, { headers: auth })).body, []);
  const reopened = await ask(`${incidents}/${id}`, patch({ incident: { status: 'monitoring' } }));
  assert.deepEqual(
    [reopened.status, reopened.body],
    [422, { error: ['Status cannot be changed: the incident has been resolved'] }],
  );
  assert.deepEqual(
    messages.map(({ key, text }) => [key, text]),
    [
      ['k/1', 'Quantum jobs run slower (investigating). Quantum computing: degraded_performance. We are looking into it.'],
      ['k/1', 'Quantum jobs run slower (resolved). Quantum computing: operational. Jobs run as usual.'],
    ],
  );
});

test('a component changed by itself is told too', async t => {
  const messages: Message[] = [];
  const ask = await serving(t, statuspage(surroundings({ record: message => messages.push(message) })));
  await ask(`${base}/components/${quantum}`, patch({ component: { status: 'partial_outage' } }));
  const expected = { system: 'statuspage', to: 'page nqba', key: quantum, text: 'Quantum computing: partial_outage' };
  assert.deepEqual(messages, [expected]);
  assert.partialDeepStrictEqual((await ask(`${base}/components`, { headers: auth })).body, [
    { id: quantum, status: 'partial_outage' },
  ]);
});

test('a maintenance has states of its own, is no unresolved incident, and is not begun again once it is completed', async t => {
  const ask = await serving(t, statuspage(surroundings()));
  const times = { scheduled_for: '2026-12-06T02:00:00Z', scheduled_until: '2026-12-06T04:00:00Z' };
  const made = await ask(incidents, create({ name: 'Scheduled maintenance', body: 'We maintain our platform.', ...times }));
  assert.partialDeepStrictEqual(made.body, { status: 'scheduled', ...times });
  const { id } = Id.parse(made.body);
  assert.deepEqual((await ask(`${incidents}/unresolved`, { headers: auth })).body, []);
  const tried = ['resolved', 'in_progress', 'completed', 'scheduled'].map(status => patch({ incident: { status } }));
  const answers: number[] = [];
  for (const one of tried) answers.push((await ask(`${incidents}/${id}`, one)).status);
  assert.deepEqual(answers, [422, 200, 200, 422]);
});
