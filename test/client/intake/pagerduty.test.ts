/** PagerDuty's webhook at the intake: the stand-in signs and repeats as PagerDuty does. */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { z } from 'zod';
import { TemporalUnreachable } from '../../../client/errors.ts';
import type { Listed } from '../../../client/incident.ts';
import { acknowledgement, type Acknowledging, isSigned } from '../../../client/intake/pagerduty.ts';
import { readWebhookSecrets } from '../../../client/intake/tokens.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { idOf } from '../../../lab/stand-ins/pagerduty/rest.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { eventually } from '../../support/eventually.ts';
import { intake } from './edge.ts';

const id = '0190b2a4-7c1e-7d33-9f0a-5b2c8d4e6f10';
const key = `${id}/PAGERDUTY_ROUTING_KEY`;
const incident: Listed = {
  name: 'dynex-outage-20261124-k7fp',
  workflowId: 'incident:dynex-outage:nqba-production',
  runId: id,
  type: 'dynexOutage',
  taskQueue: 'nqba-runbooks',
  open: true,
  status: 'RUNNING',
  opened: '2026-11-24T02:16:20Z',
  waitingFor: [],
};

const authorization = 'Token token=practice';
const json = (method: string, body: object, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { authorization, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A PagerDuty with our page, whose webhook goes to an intake over these incidents. */
async function connected(temporal: Partial<Acknowledging['temporal']> = {}, pauses: () => void = () => {}) {
  const said: unknown[] = [];
  const statuses: number[] = [];
  const secrets: string[] = [];
  const signal = async (...args: unknown[]) => void said.push(args.slice(1));
  const edge = intake({ pagerduty: { secrets, temporal: { byId: async () => incident, signal, ...temporal } } });
  const deliver = async (request: Request) => {
    const answer = await edge.app.fetch(request);
    statuses.push(answer.status);
    return answer;
  };
  const vendor = pagerduty(surroundings({ sleep: async () => pauses() }), deliver);
  const subscription = {
    type: 'webhook_subscription',
    delivery_method: { type: 'http_delivery_method', url: 'http://intake/pagerduty' },
    events: ['incident.acknowledged', 'incident.resolved'],
    filter: { type: 'account_reference' },
  };
  const created = await vendor.request('/webhook_subscriptions', json('POST', { webhook_subscription: subscription }));
  const { webhook_subscription: made } = z
    .object({ webhook_subscription: z.object({ delivery_method: z.object({ secret: z.string() }) }) })
    .parse(await created.json());
  secrets.push(made.delivery_method.secret);
  const enqueue = (event_action: string, dedup_key = key) => {
    const payload = { summary: 'Dynex Outage', source: 'nqba-runbooks', severity: 'critical' };
    return vendor.request('/v2/enqueue', json('POST', { routing_key: 'a'.repeat(32), event_action, dedup_key, payload }));
  };
  const acknowledges = (From = 'ann@nqba.example', of = key) => {
    const body = { incident: { type: 'incident_reference', status: 'acknowledged' } };
    return vendor.request(`/incidents/${idOf(of)}`, json('PUT', body, { From }));
  };
  await enqueue('trigger');
  return { ...edge, said, statuses, secrets, enqueue, acknowledges, signed: signing(edge.app, secrets) };
}

const signing = (app: ReturnType<typeof intake>['app'], secrets: string[]) => async (body: string) => {
  const signature = `v1=${createHmac('sha256', secrets[0] ?? '')
    .update(body)
    .digest('hex')}`;
  const answer = await app.request('/pagerduty', { method: 'POST', body, headers: { 'x-pagerduty-signature': signature } });
  return acknowledgement.parse(await answer.json());
};

test('a person who acknowledges our page there acknowledges the incident, by name', async () => {
  const { said, statuses, acknowledges, counted } = await connected();
  assert.equal((await acknowledges()).status, 200);
  await eventually(() => assert.deepEqual(statuses, [200]));
  assert.deepEqual(said, [['acknowledge', { by: 'Ann Lee' }]]);
  assert.deepEqual(await counted('nqba_runbooks_intake_acknowledgements_total'), ['{result="acknowledged"} 1']);
});

test('an acknowledgement that no person gave, as our own, acknowledges nothing', async () => {
  const { said, statuses, enqueue } = await connected();
  await enqueue('acknowledge');
  await eventually(() => assert.deepEqual(statuses, [200]));
  assert.deepEqual(said, []);
});

test('while Temporal is away the answer is 503, and PagerDuty sends it again until it counts', async () => {
  let isAway = true;
  const byId = async () => {
    if (isAway) throw new TemporalUnreachable('Temporal gave no answer');
    return incident;
  };
  const { said, statuses, acknowledges } = await connected({ byId }, () => {
    isAway = statuses.length < 2;
  });
  await acknowledges();
  await eventually(() => assert.deepEqual(statuses, [503, 503, 200]));
  assert.deepEqual(said, [['acknowledge', { by: 'Ann Lee' }]]);
});

test('what is no acknowledgement of an open incident is answered so, once', async () => {
  const { said, signed } = await connected();
  const ann = { type: 'user_reference', summary: 'Ann Lee' };
  const about = (event: object) =>
    signed(JSON.stringify({ event: { event_type: 'incident.acknowledged', agent: ann, ...event } }));
  assert.equal((await about({ event_type: 'pagey.ping' })).reason, 'pagey.ping acknowledges nothing');
  assert.equal((await about({ data: { incident_key: 'disk-full' } })).reason, 'it is no page of ours');
  assert.equal((await about({ agent: null, data: { incident_key: key } })).reason, 'no person acknowledged it');
  assert.equal(
    (await about({ agent: { ...ann, summary: ' \u0000 ' }, data: { incident_key: key } })).reason,
    'the person has no name',
  );
  const closed = await connected({ byId: async () => ({ ...incident, open: false }) });
  await closed.acknowledges();
  const unknown = await connected({ byId: async () => undefined });
  await unknown.acknowledges();
  const notice = await connected({ byId: async () => ({ ...incident, workflowId: 'notice:nqba-production' }) });
  await notice.acknowledges();
  for (const { statuses } of [closed, unknown, notice]) await eventually(() => assert.deepEqual(statuses, [200]));
  assert.deepEqual([said, closed.said, unknown.said, notice.said], [[], [], [], []]);
});

test('a body whose signature is wrong, missing or of another body is refused, and tells no one', async () => {
  const { app, said, secrets } = await connected();
  const body = JSON.stringify({ event: { event_type: 'pagey.ping' } });
  const of = (text: string, secret: string) => `v1=${createHmac('sha256', secret).update(text).digest('hex')}`;
  const right = of(body, secrets[0] ?? '');
  const send = async (signature: string | undefined) => {
    const headers = { ...(signature !== undefined && { 'x-pagerduty-signature': signature }) };
    return (await app.request('/pagerduty', { method: 'POST', body, headers })).status;
  };
  assert.equal(await send(right), 200);
  for (const wrong of [
    undefined,
    '',
    'v1=',
    right.slice(0, -2),
    right.replace('v1=', 'v2='),
    of(`${body} `, secrets[0] ?? ''),
    of(body, 'x'),
  ])
    assert.equal(await send(wrong), 401, wrong);
  assert.deepEqual(said, []);
  assert.equal((await intake().app.request('/pagerduty', { method: 'POST', body })).status, 404);
});

test('during rotation either secret counts, on either side', () => {
  const body = Buffer.from('{"event":"ä"}');
  const of = (secret: string) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
  assert.deepEqual(readWebhookSecrets({ PAGERDUTY_WEBHOOK_SECRET: 'old, new' }), ['old', 'new']);
  assert.equal(isSigned(of('new'), body, ['old', 'new']), true);
  assert.equal(isSigned(`${of('older')}, ${of('old')}`, body, ['old']), true);
  assert.equal(isSigned(of('older'), body, ['old', 'new']), false);
  assert.equal(isSigned(of(''), body, []), false);
});
