import assert from 'node:assert/strict';
import test from 'node:test';
import { dynex } from '../../../lab/stand-ins/dynex.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { type Row, serving } from './serving.ts';

const key = (value: string): RequestInit => ({ headers: { 'X-API-KEY': value } });
const refusal = (code: string, message: string) => ({ error: { code, message } });
const account = '/api/v1/account';

const refusals: Record<string, Row> = {
  'a call without a key': {
    path: account,
    status: 401,
    body: refusal('key_missing', 'Send your API key in the header X-API-KEY'),
  },
  'a key of another shape': {
    path: account,
    init: key('sk_live_1'),
    status: 401,
    body: refusal('key_malformed', 'An API key begins with dnx_'),
  },
  'a revoked key': {
    path: account,
    init: key('dnx_revoked'),
    status: 403,
    body: refusal('key_revoked', 'This API key has been revoked'),
  },
  'an expired key': {
    path: account,
    init: key('dnx_expired'),
    status: 403,
    body: refusal('key_expired', 'This API key has expired'),
  },
  'a suspended account': {
    path: account,
    init: key('dnx_suspended'),
    status: 403,
    body: refusal('account_suspended', 'This account is suspended'),
  },
  'a body that nobody may post': {
    path: account,
    init: { method: 'POST', ...key('dnx_1') },
    status: 405,
    body: refusal('method_not_allowed', 'POST is not allowed here'),
  },
  'an answer in another form': {
    path: account,
    init: { headers: { 'X-API-KEY': 'dnx_1', Accept: 'text/csv' } },
    status: 406,
    body: refusal('not_acceptable', 'This resource is application/json'),
  },
  'an address that does not exist': {
    path: '/api/v1/jobs',
    init: key('dnx_1'),
    status: 404,
    body: refusal('not_found', 'No route matches GET /api/v1/jobs'),
  },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`Dynex refuses ${what}`, async t => {
    const ask = await serving(t, dynex(surroundings()));
    const answered = await ask(path, init);
    assert.equal(answered.status, status);
    assert.deepEqual(answered.body, body);
  });
}

test('Dynex refuses the 61st call of a world minute, and the same call is welcome a second later', async t => {
  let now = 1_000_000;
  const ask = await serving(t, dynex(surroundings({ now: () => now })));
  const statuses: number[] = [];
  for (let call = 0; call < 61; call++) statuses.push((await ask(account, key('dnx_1'))).status);
  assert.deepEqual([statuses.indexOf(429), (await ask(account, key('dnx_1'))).headers.get('Retry-After')], [60, '1']);
  now += 1_001;
  assert.equal((await ask(account, key('dnx_1'))).status, 200);
});

test('a key that is accepted costs nothing and shows the account', async t => {
  const ask = await serving(t, dynex(surroundings()));
  assert.equal((await ask(account, key('dnx_live'))).status, 200);
});

test('a refused key leaves the health address healthy, so that the two causes can be told apart', async t => {
  const ask = await serving(t, dynex(surroundings({ state: () => 'unauthorised' })));
  assert.equal((await ask('/api/health')).status, 200);
  assert.equal((await ask(account, key('dnx_live'))).status, 403);
});

test('while keys are revoked, one that was made since is accepted', async t => {
  const ask = await serving(t, dynex(surroundings({ state: () => 'unauthorised' })));
  assert.equal((await ask(account, key('dnx_new_1'))).status, 200);
});

const words: [State, string, string][] = [
  ['healthy', 'none', 'operational'],
  ['down', 'critical', 'major_outage'],
  ['slow', 'minor', 'degraded_performance'],
  ['unauthorised', 'none', 'operational'],
];
for (const [state, indicator, component] of words) {
  test(`while Dynex is ${state} its status page answers and says ${indicator}`, async t => {
    const ask = await serving(t, dynex(surroundings({ state: () => state })));
    const { status, body } = await ask('/status/api/v2/summary.json');
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(body, { status: { indicator }, components: [{ status: component }] });
  });
}
