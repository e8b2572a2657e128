/** The account that tries logins is no customer where an allow list spares it: the check says so instead of *healthy*. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { gatewayOf, type Platform } from '../../activities/platform.ts';
import { createActivities } from '../../activities/index.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { tokens } from '../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customersOn, synthetic } from '../../lab/world/customers.ts';
import type { World } from '../../lab/world.ts';
import { aPlatform, connected, running, virtualClock } from './bare.ts';

const noon = Date.parse('2026-03-02T12:00:00Z');
const page = z.looseObject({ lines: z.array(z.unknown()) });
const limits = gatewayOf(aPlatform);

interface Given {
  allowed?: string[];
  /** Of each Ingress. */
  whitelist?: string;
  /** As the access log names the account of ours. */
  account?: string;
  /** From the second round on. */
  broken?: true;
}

/** An account of ours that logs in from 198.51.100.200. */
async function login({ allowed = [], whitelist, account = synthetic.id, broken }: Given = {}) {
  const clock = virtualClock(noon);
  const customers = customersOn({ read: (_, otherwise) => otherwise, write: () => {} }, noon, {});
  const world: World = { pods: [], systems: [], api: [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a'] }], customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => world);
  const line = { at: new Date(noon - 1000).toISOString(), address: '198.51.100.200', account, route: '/api/v1/auth/login' };
  let breaks = false;
  const fetch = async (request: Request) => {
    if (breaks && request.url.endsWith('/auth/login')) return Response.json({ detail: 'broken' }, { status: 502 });
    const answer = await stand.fetch(request);
    if (!request.url.includes('/v1/access-log')) return answer;
    const { lines, ...more } = page.parse(await answer.json());
    return Response.json({ ...more, lines: [...lines, { ...line, method: 'POST', status: 200, user_agent: 'nqba-runbooks' }] });
  };
  const { email, password } = synthetic;
  const annotations = whitelist === undefined ? {} : { 'nginx.ingress.kubernetes.io/limit-whitelist': whitelist };
  const kubernetes = { fetch: () => Response.json({ metadata: { name: 'ingress', uid: '1', annotations } }) };
  const operatorApi = { url: 'http://api', token: tokens.operator, account: { email, password }, fetch };
  const described: Platform = { ...aPlatform, gateway: { ...limits, never: { ...limits.never, allowed } } };
  const systems = connected({ operatorApi, kubernetes }, clock);
  const { access } = createActivities({ platform: described, systems, ...clock, running });
  const found = await access.login({});
  breaks = true;
  return broken ? access.login({}) : found;
}

test('on no list it is a customer like others', async () => {
  const { verdict, evidence } = await login({ allowed: ['203.0.113.0/24'], whitelist: '203.0.113.7, 2001:db8::/32' });
  assert.equal(verdict, 'healthy', evidence);
});

test('on the list of platform.json, or of an Ingress, its logins say nothing of customers', async () => {
  const lists = {
    'gateway.never.allowed of': { allowed: ['198.51.100.0/24'] },
    'limit-whitelist of Ingress': { whitelist: '203.0.113.7,198.51.100.200/32' },
  };
  for (const [by, given] of Object.entries(lists))
    for (const account of [synthetic.id, ` ${synthetic.email.toUpperCase()}`]) {
      const { verdict, evidence } = await login({ ...given, account });
      assert.equal(verdict, 'unknown');
      assert.match(evidence, new RegExp(`from an address on an allow list \\([^)]*${by}`));
      assert.doesNotMatch(evidence, /198\.51\.100/);
    }
});

test('the address of another account is not ours', async () => {
  assert.equal((await login({ allowed: ['198.51.100.0/24'], account: 'customer-7' })).verdict, 'healthy');
});

test('a login that is broken all the same is faulty', async () => {
  const { verdict } = await login({ allowed: ['198.51.100.0/24'], broken: true });
  assert.equal(verdict, 'faulty');
});
