import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { TemporalUnreachable } from '../../../client/errors.ts';
import { openapi } from '../../../client/intake/openapi.ts';
import type { Acknowledging } from '../../../client/intake/pagerduty.ts';
import { dynexDown, grafanaGroup, group, ofGrafana } from './bodies.ts';
import { intake } from './edge.ts';

const authorization = 'Bearer hush';
const gone = new TemporalUnreachable('Temporal gave no answer');
const away = {
  openOrJoin: () => Promise.reject(gone),
  resolve: () => Promise.reject(gone),
  notice: () => Promise.reject(gone),
  proveDetection: () => Promise.reject(gone),
  ready: () => Promise.reject(gone),
};
const smallAlert = { name: 'DynexHealthCheckFailed', status: 'firing' };
const bodies = { '/alertmanager': group(dynexDown), '/grafana': grafanaGroup(ofGrafana), '/alerts': smallAlert };

interface Answered {
  path: string;
  method: string;
  status: number;
  response: Response;
}

/** The same of PagerDuty's webhook, which is signed. */
function eventsOfPagerduty() {
  const secret = 'shared';
  const person = { type: 'user_reference', summary: 'Ann Lee' };
  const key = '0190b2a4-7c1e-7d33-9f0a-5b2c8d4e6f10/PAGERDUTY_ROUTING_KEY';
  const event = { event: { event_type: 'incident.acknowledged', agent: person, data: { incident_key: key } } };
  const signal = async () => {};
  const over = (byId: Acknowledging['temporal']['byId']) =>
    intake({ pagerduty: { secrets: [secret], temporal: { byId, signal } } });
  const [edge, unreachable, broken] = [
    over(async () => undefined),
    over(() => Promise.reject(gone)),
    over(() => Promise.reject(new Error('?'))),
  ];
  const send = async ({ app }: typeof edge, body: string, headers: Record<string, string> = {}) => {
    const signature = `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const signed = { 'x-pagerduty-signature': signature, ...headers };
    return {
      path: '/pagerduty',
      method: 'post',
      response: await app.request('/pagerduty', { method: 'POST', body, headers: signed }),
    };
  };
  const body = JSON.stringify(event);
  return [
    send(edge, body),
    send(edge, '{}'),
    send(edge, body, { 'x-pagerduty-signature': 'v1=' }),
    send(intake(), body),
    send(edge, body, { 'content-length': '300000' }),
    send(broken, body),
    send(unreachable, body),
  ];
}

/** Each answer that can be brought about. */
async function answers(): Promise<Answered[]> {
  const [edge, unreachable, broken] = [
    intake(),
    intake({ temporal: away }),
    intake({ openOrJoin: () => Promise.reject(new Error('?')) }),
  ];
  const posts = Object.entries(bodies).flatMap(([path, body]) =>
    [
      edge.post(body, { authorization }, path),
      edge.post('{}', { authorization }, path),
      edge.post(body, {}, path),
      edge.post(body, { authorization, 'content-length': '9000000' }, path),
      broken.post(body, { authorization }, path),
      unreachable.post(body, { authorization }, path),
    ].map(async response => ({ path, method: 'post', response: await response })),
  );
  const events = eventsOfPagerduty();
  const plain = ['/healthz', '/readyz', '/openapi.json', '/runbooks'].map(path => [path, path] as const);
  const pages = ['/runbooks/dynex-outage', '/runbooks/nope'].map(address => [address, '/runbooks/{slug}'] as const);
  const gets = [...plain, ...pages].flatMap(([address, path]) =>
    [edge, unreachable].map(async ({ app }) => ({ path, method: 'get', response: await app.request(address) })),
  );
  const all = await Promise.all([...posts, ...events, ...gets]);
  return all.map(one => ({ ...one, status: one.response.status }));
}

const content = z.looseObject({ content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })) });
const documented = z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), content) })));
const paths = documented.parse(openapi.paths);

function schemaOf(schema: Record<string, unknown>): z.ZodType {
  const { $ref = '' } = z.object({ $ref: z.string().optional() }).parse(schema);
  const name = $ref.replace('#/components/schemas/', '');
  const found = new Map<string, object>(Object.entries(openapi.components.schemas)).get(name) ?? schema;
  return z.fromJSONSchema({ ...found });
}

describe('the document of the intake', () => {
  test('is served as it is, without a token', async () => {
    const response = await intake().app.request('/openapi.json');
    assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(openapi)));
  });

  test('has each path that is served, and no other', () => {
    const served = intake()
      .app.routes.filter(({ method, path }) => method !== 'ALL' && path !== '/*')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const written = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual([...new Set(served)].sort(), written.sort());
  });

  test('names each status that is answered, and each answer has the form that it says', async () => {
    for (const { path, method, status, response } of await answers()) {
      const where = `${method} ${path} ${status}`;
      const [type, { schema } = { schema: {} }] =
        Object.entries(paths[path]?.[method]?.responses[status]?.content ?? {})[0] ?? [];
      assert.ok(type, where);
      assert.ok(response.headers.get('content-type')?.startsWith(type), where);
      if (type === 'application/json') assert.ok(schemaOf(schema).safeParse(await response.json()).success, where);
    }
  });

  test('names no status that is never answered', async () => {
    const seen = (await answers()).map(({ path, method, status }) => `${method} ${path} ${status}`);
    const written = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses).map(status => `${method} ${path} ${status}`),
      ),
    );
    assert.deepEqual(
      written.filter(one => !seen.includes(one)),
      [],
    );
  });

  test('reads the bodies that are posted here', () => {
    const { group: webhook, alert } = openapi.components.schemas;
    for (const [schema, body] of [
      [webhook, bodies['/alertmanager']],
      [webhook, bodies['/grafana']],
      [alert, smallAlert],
    ])
      assert.ok(z.fromJSONSchema({ ...schema }).safeParse(body).success);
  });
});
