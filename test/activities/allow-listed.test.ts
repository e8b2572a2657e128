/** The account that tries logins is no customer where an allow list spares it: the check says so instead of *healthy*. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayOf, type Platform } from '../../activities/platform.ts';
import { createActivities } from '../../activities/index.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { tokens } from '../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customersOn, synthetic } from '../../lab/world/customers.ts';
import type { World } from '../../lab/world.ts';
import { aPlatform, connected, running, virtualClock } from './bare.ts';

const noon = Date.parse('2026-03-02T12:00:00Z');
const limits = gatewayOf(aPlatform);

interface Given {
  allowed?: string[];
  /** Of each Ingress. */
  whitelist?: string;
  /** As the access log names the account of ours. */
  account?: string;
  /** From the second round on. */
  broken?: true;
  /** Pages of others' lines that begin in the last minute, before ours. */
  busy?: number;
  /** Milliseconds that an operator's read takes. */
  slow?: number;
  /** A path that answers 503. */
  away?: string;
}

/** An account of ours that logs in from 198.51.100.200. */
async function login({ allowed = [], whitelist, account = synthetic.id, broken, busy = 0, slow = 0, away }: Given = {}) {
  const virtual = virtualClock(noon);
  let passed = 0;
  const clock = { ...virtual, now: () => virtual.now() + passed };
  const customers = customersOn({ read: (_, otherwise) => otherwise, write: () => {} }, noon, {});
  const world: World = { pods: [], systems: [], api: [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a'] }], customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => world);
  const line = { at: new Date(noon - 1000).toISOString(), address: '198.51.100.200', account, route: '/api/v1/auth/login' };
  const ours = { ...line, method: 'POST', status: 200, user_agent: 'nqba-runbooks' };
  let [breaks, users] = [false, 0];
  const others = Array.from({ length: 2000 }, () => ({ ...ours, account: 'customer-9', address: '203.0.113.99' }));
  const logged = (asked: URLSearchParams) => {
    passed += slow;
    const at = Number(asked.get('cursor') ?? 0);
    if (at < busy) return { lines: others, next: `${at + 1}` };
    return { lines: Date.parse(asked.get('until') ?? '') > Date.parse(line.at) ? [ours] : [] };
  };
  const fetch = async (request: Request) => {
    if (breaks && request.url.endsWith('/auth/login')) return Response.json({ detail: 'broken' }, { status: 502 });
    if (away !== undefined && request.url.includes(away)) return Response.json({}, { status: 503 });
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/v1/access-log') return Response.json(logged(searchParams));
    if (pathname === '/api/v1/users') {
      users += 1;
      passed += slow;
      // A hundred thousand customers come before the account of ours.
      if (slow > 0) return Response.json({ users: [], total: 100_000 });
    }
    return stand.fetch(request);
  };
  const { email, password } = synthetic;
  const annotations = whitelist === undefined ? {} : { 'nginx.ingress.kubernetes.io/limit-whitelist': whitelist };
  const kubernetes = { fetch: () => Response.json({ metadata: { name: 'ingress', uid: '1', annotations } }) };
  const operatorApi = { url: 'http://api', token: tokens.operator, account: { email, password }, fetch };
  const described: Platform = { ...aPlatform, gateway: { ...limits, never: { ...limits.never, allowed } } };
  const systems = connected({ operatorApi, kubernetes }, clock);
  const { access } = createActivities({ platform: described, systems, ...clock, running });
  const found = await access.login({});
  assert.ok(users <= 5, `${users} pages of users`);
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

test('on a busy platform the last minute is read to its end', async () => {
  const on = await login({ allowed: ['198.51.100.0/24'], busy: 6 });
  assert.match(on.evidence, /from an address on an allow list/);
  assert.equal((await login({ allowed: ['203.0.113.0/24'], busy: 6 })).verdict, 'healthy');
});

test('where no one can say whether a list spares it, its logins say nothing of customers', async () => {
  const cases: Given[] = [{ account: 'customer-7' }, { busy: 1_000 }, { busy: 1_000, slow: 1_000 }, { away: '/v1/access-log' }];
  for (const given of cases) {
    const { verdict, evidence } = await login({ allowed: ['198.51.100.0/24'], ...given });
    assert.equal(verdict, 'unknown', evidence);
    assert.match(evidence, /Whether an allow list spares the account of ours is not known/);
  }
});

test('users that no one may read are not needed where the log has the mail address', async () => {
  const { evidence } = await login({ allowed: ['198.51.100.0/24'], account: synthetic.email, away: '/api/v1/users' });
  assert.match(evidence, /from an address on an allow list/);
});

test('a login that is broken all the same is faulty', async () => {
  const { verdict } = await login({ allowed: ['198.51.100.0/24'], broken: true });
  assert.equal(verdict, 'faulty');
});
