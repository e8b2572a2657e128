/** Channels of the Slack stand-in: made, described, filled and archived as Slack does it, and refused with its words. */

import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { slack } from '../../../lab/stand-ins/slack.ts';
import { Workspace } from '../../../lab/stand-ins/slack-history.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { json, serving } from './serving.ts';

/** A workspace that keeps what it has become, and how its methods are called. */
async function workspace(t: TestContext) {
  const messages: Message[] = [];
  let kept: unknown;
  const shelf = { read: <T>(_: unknown, otherwise: T) => otherwise, write: (state: unknown) => void (kept = state) };
  const ask = await serving(t, slack(surroundings({ shelf, now: () => 5_000, record: message => messages.push(message) })));
  const call = async (method: string, body: object, token = 'xoxb-1') =>
    (await ask(`/api/conversations.${method}`, json(body, { Authorization: `Bearer ${token}` }))).body;
  const channel = (name: string) => Workspace.parse(kept).channels.find(one => one.name === name);
  return { ask, call, channel, texts: () => messages.map(({ to, text }) => `${to}: ${text}`) };
}

const [open, foreign, archived] = ['C0INCIDENTS', 'C0FINANCE', 'C0OLDOPS'];
const needs = (needed: string, provided: string) => ({ error: 'missing_scope', needed, provided });
const messaging = 'channels:read,channels:history,chat:write,metadata.message:read';
const failed = (user: string, error: string) => ({ error, errors: [{ user, ok: false, error }] });

type Refusal = [what: string, method: string, body: object, answer: { error: string }, token?: string];
const refusals: Refusal[] = [
  ['a channel without a name', 'create', {}, { error: 'invalid_name_required' }],
  ['a name of 81 characters', 'create', { name: 'x'.repeat(81) }, { error: 'invalid_name_maxlength' }],
  ['a name in capitals', 'create', { name: 'Incident' }, { error: 'invalid_name_specials' }],
  ['a name of punctuation', 'create', { name: '--' }, { error: 'invalid_name_punctuation' }],
  ['a name that is taken', 'create', { name: 'finance' }, { error: 'name_taken' }],
  ['a name that an archived channel has', 'create', { name: 'ops-2024' }, { error: 'name_taken' }],
  ['a channel of a bot that only writes', 'create', { name: 'inc' }, needs('channels:manage', messaging), 'xoxb-messages'],
  [
    'a private channel of a bot that makes public ones',
    'create',
    { name: 'inc', is_private: true },
    needs('groups:write', `${messaging},channels:manage`),
    'xoxb-public',
  ],
  [
    'a list of private channels without the scope',
    'list',
    { types: 'private_channel' },
    needs('groups:read', `${messaging},channels:manage`),
    'xoxb-public',
  ],
  ['a page of no list', 'list', { cursor: 'abc' }, { error: 'invalid_cursor' }],
  ['a page without end', 'list', { limit: 1_000 }, { error: 'invalid_limit' }],
  ['a topic of 251 characters', 'setTopic', { channel: open, topic: 'x'.repeat(251) }, { error: 'too_long' }],
  ['a topic for a name', 'setTopic', { channel: '#nqba-incidents', topic: 'x' }, { error: 'channel_not_found' }],
  ['a topic of an archived channel', 'setTopic', { channel: archived, topic: 'x' }, { error: 'is_archived' }],
  ['an invitation of nobody', 'invite', { channel: open }, { error: 'no_user' }],
  ['an invitation of the bot', 'invite', { channel: open, users: 'U0RUNBOOKS' }, failed('U0RUNBOOKS', 'cant_invite_self')],
  ['an invitation of a stranger', 'invite', { channel: open, users: 'U0GONE' }, failed('U0GONE', 'user_not_found')],
  ['an invitation of a member', 'invite', { channel: open, users: 'U0ALICE' }, failed('U0ALICE', 'already_in_channel')],
  ['an invitation to where the bot is not', 'invite', { channel: foreign, users: 'U0BOB' }, { error: 'not_in_channel' }],
  ['the end of an archived channel', 'archive', { channel: archived }, { error: 'already_archived' }],
  ['the end of where the bot is not', 'archive', { channel: foreign }, { error: 'not_in_channel' }],
  ['the end of nothing', 'archive', { channel: 'C0' }, { error: 'channel_not_found' }],
  [
    'an end by a bot that only reads',
    'archive',
    { channel: open },
    needs('channels:manage', 'channels:read,channels:history'),
    'xoxb-readonly',
  ],
];

for (const [what, method, body, answer, token] of refusals)
  test(`Slack refuses ${what}`, async t => {
    const { call, texts } = await workspace(t);
    assert.deepEqual(await call(method, body, token), { ok: false, ...answer });
    assert.deepEqual(texts(), []);
  });

test('a channel lives: made, described, filled, archived; its members read of it', async t => {
  const { call, channel, texts } = await workspace(t);
  const made = await call('create', { name: 'inc-1', is_private: true });
  assert.partialDeepStrictEqual(made, {
    ok: true,
    channel: { name: 'inc-1', is_private: true, is_member: true, num_members: 1 },
  });
  const id = channel('inc-1')?.id;
  await call('setTopic', { channel: id, topic: 'P0' });
  await call('invite', { channel: id, users: 'U0BOB,U0CARLA' });
  assert.deepEqual(await call('archive', { channel: id }), { ok: true });
  assert.partialDeepStrictEqual(channel('inc-1'), {
    topic: { value: 'P0' },
    members: ['U0RUNBOOKS', 'U0BOB', 'U0CARLA'],
    is_archived: true,
  });
  assert.deepEqual(texts(), [
    '#inc-1: topic: P0',
    '#inc-1: U0BOB was invited',
    '#inc-1: U0CARLA was invited',
    '#inc-1: archived',
  ]);
});

test('one stranger keeps everybody out, unless the invitation is forced', async t => {
  const { call, texts } = await workspace(t);
  const both = { channel: open, users: 'U0GONE,U0BOB' };
  assert.partialDeepStrictEqual(await call('invite', both), { ok: false, error: 'user_not_found' });
  assert.deepEqual(texts(), []);
  assert.partialDeepStrictEqual(await call('invite', { ...both, force: true }), { ok: true, errors: [{ user: 'U0GONE' }] });
  assert.deepEqual(texts(), ['#nqba-incidents: U0BOB was invited']);
});

test('channels are listed by type, a page at a time, without archived ones where that is asked', async t => {
  const { call } = await workspace(t);
  await call('create', { name: 'inc-1', is_private: true });
  const listed = await call('list', { exclude_archived: true, limit: 5 });
  assert.doesNotMatch(JSON.stringify(listed), /inc-1|ops-2024/);
  const first = await call('list', { limit: 5 });
  const cursor = Buffer.from('C0OLDOPS').toString('base64');
  assert.partialDeepStrictEqual(first, { response_metadata: { next_cursor: cursor } });
  assert.partialDeepStrictEqual(await call('list', { limit: 5, cursor }), { channels: [{ name: 'ops-2024' }] });
  assert.partialDeepStrictEqual(await call('list', { types: 'private_channel' }), { channels: [{ name: 'inc-1' }] });
});

test('Slack answers the 21st channel in a minute with 429 and says how long to wait', async t => {
  const { ask, call } = await workspace(t);
  for (let made = 0; made < 20; made++) await call('create', { name: `inc-${made}` });
  const { status, headers } = await ask(
    '/api/conversations.create',
    json({ name: 'inc-20' }, { Authorization: 'Bearer xoxb-1' }),
  );
  assert.deepEqual([status, headers.get('Retry-After')], [429, '60']);
});

test('a workspace that was kept before channels were has them', () => {
  assert.equal(Workspace.parse({ messages: [] }).channels.length, 6);
});
