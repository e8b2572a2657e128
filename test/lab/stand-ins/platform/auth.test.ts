import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { synthetic } from '../../../../lab/world/customers.ts';
import { type Asking, asking, during, minutes } from './asking.ts';

const Pair = z.strictObject({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.number(),
});

const { email, password } = synthetic;
const login = ({ send }: Asking, pod: string, given = { email, password }) =>
  send('POST', `/pods/${pod}/api/v1/auth/login`, given);
const signedIn = async (asked: Asking, pod: string) => Pair.parse((await login(asked, pod)).body);
const meAt = async ({ get }: Asking, pod: string, token: string) =>
  (await get(`/pods/${pod}/api/v1/auth/me`, { Authorization: `Bearer ${token}` })).status;

test('a login is good on every pod while they share one key, until it is ended where it is', async t => {
  const asked = await asking(t);
  const pair = await signedIn(asked, 'a');
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(pod => meAt(asked, pod, pair.access_token))), [200, 200, 200]);
  const { send } = asked;
  const refreshed = await send('POST', '/pods/b/api/v1/auth/refresh', { refresh_token: pair.refresh_token });
  assert.equal(await meAt(asked, 'c', Pair.parse(refreshed.body).access_token), 200);
  const out = await send('POST', '/pods/a/api/v1/auth/logout', undefined, { Authorization: `Bearer ${pair.access_token}` });
  assert.equal(out.status, 200);
  assert.deepEqual(await Promise.all(['a', 'b'].map(pod => meAt(asked, pod, pair.access_token))), [401, 200]);
});

test('with a key of its own in each process a token is good on one pod only', async t => {
  const asked = await asking(t, { faults: { login: '500', keys: 'per-process' } });
  const { access_token: token } = await signedIn(asked, 'b');
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(pod => meAt(asked, pod, token))), [401, 200, 401]);
  const prints = await Promise.all(['a', 'b', 'c'].map(async pod => (await asked.get(`/pods/${pod}/api/v1/auth/settings`)).body));
  const Settings = z.looseObject({ algorithm: z.literal('HS256'), key_fingerprint: z.string() });
  assert.equal(new Set(prints.map(one => Settings.parse(one).key_fingerprint)).size, 3);
});

test('a token ends after half an hour, and a refresh token is none for access', async t => {
  const asked = await asking(t);
  const pair = await signedIn(asked, 'a');
  assert.equal(await meAt(asked, 'a', pair.refresh_token), 401);
  assert.equal(await meAt(asked, 'a', 'no.token.at-all'), 401);
  asked.clock.now += minutes(30);
  assert.equal(await meAt(asked, 'a', pair.access_token), 401);
});

test('a wrong password is answered 500, as on the platform, and 401 once that is fixed', async t => {
  const wrong = { email, password: 'wrong' };
  const asked = await asking(t);
  assert.equal((await login(asked, 'a', wrong)).status, 500);
  asked.customers.change({ faults: { login: 'fixed', keys: 'shared' } });
  assert.equal((await login(asked, 'a', wrong)).status, 401);
});

test('five failures lock an account in one process for half an hour, unless somebody unlocks it there', async t => {
  const asked = await asking(t);
  const wrong = { email: 'customer-3@mail.example', password: 'wrong' };
  const right = { ...wrong, password: 'practice-customer-3' };
  const fail = async () => {
    for (let times = 0; times < 5; times++) await login(asked, 'a', wrong);
  };
  await fail();
  const statuses = async () => [(await login(asked, 'a', right)).status, (await login(asked, 'b', right)).status];
  assert.deepEqual(await statuses(), [423, 200]);
  const { get, send, clock } = asked;
  assert.partialDeepStrictEqual((await get('/pods/a/api/v1/auth/status')).body, { locked_accounts: 1 });
  const unlocked = await send('PUT', '/pods/a/api/v1/users/customer-3', { status: 'active' });
  assert.partialDeepStrictEqual(unlocked.body, { status: 'active', locked_until: null });
  assert.deepEqual(await statuses(), [200, 200]);
  await fail();
  assert.deepEqual(await statuses(), [423, 200]);
  clock.now += minutes(30);
  assert.deepEqual(await statuses(), [200, 200]);
});

const User = z.strictObject({
  id: z.string(),
  email: z.string(),
  tier: z.string(),
  status: z.enum(['active', 'locked', 'suspended']),
  locked_until: z.string().nullable(),
  password_reset_required: z.boolean(),
  last_login: z.string().nullable(),
});
const Users = z.strictObject({ users: z.array(User), total: z.number() });

test('spraying locks accounts, and one that is unlocked stays so where it was unlocked', async t => {
  const { get, send } = await asking(t, during('spraying'));
  const locked = async (pod: string) => {
    const { users } = Users.parse((await get(`/pods/${pod}/api/v1/users?limit=100`)).body);
    return users.filter(({ status }) => status === 'locked').map(({ id }) => id);
  };
  const before = await locked('a');
  assert.ok(before.length > 5, before.join());
  const [first = ''] = before;
  await send('PUT', `/pods/a/api/v1/users/${first}`, { status: 'active', password_reset_required: true });
  assert.deepEqual(await locked('a'), before.slice(1));
  assert.ok((await locked('b')).includes(first));
});

test('users refuse what they cannot be', async t => {
  const { get, send } = await asking(t);
  assert.equal((await send('PUT', '/api/v1/users/customer-99', { status: 'active' })).status, 404);
  assert.equal((await send('PUT', '/api/v1/users/customer-1', { status: 'gone' })).status, 422);
  assert.equal((await get('/api/v1/users?limit=0')).status, 422);
  assert.equal((await send('DELETE', '/api/v1/users/customer-1')).status, 405);
  assert.equal(Users.parse((await get('/api/v1/users?limit=5&offset=24')).body).users.length, 1);
});
