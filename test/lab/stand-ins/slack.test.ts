import assert from 'node:assert/strict';
import test from 'node:test';
import { WebClient } from '@slack/web-api';
import { listen } from '../../../lab/stand-ins/listen.ts';
import { slack } from '../../../lab/stand-ins/slack.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { json, type Row, serving } from './serving.ts';

const auth = { Authorization: 'Bearer xoxb-1' };
const channel = 'C0INCIDENTS';
const post = '/api/chat.postMessage';
const refused = (error: string, more: object = {}) => ({ status: 200, body: { ok: false, error, ...more } });
const metadata = { event_type: 'incident', event_payload: { key: 'k/1' } };

const refusals: Record<string, Row> = {
  'a call without a token': { path: post, init: json({ channel, text: 'hi' }), ...refused('not_authed') },
  'a token of another kind': {
    path: post,
    init: json({}, { Authorization: 'Bearer xapp-1' }),
    ...refused('not_allowed_token_type'),
  },
  'a token that nobody gave out': { path: post, init: json({}, { Authorization: 'Bearer 123' }), ...refused('invalid_auth') },
  'a revoked token': { path: post, init: json({}, { Authorization: 'Bearer xoxb-revoked' }), ...refused('token_revoked') },
  'a token without the scope': {
    path: post,
    init: json({ channel, text: 'hi' }, { Authorization: 'Bearer xoxb-readonly' }),
    ...refused('missing_scope', { needed: 'chat:write', provided: 'channels:read,channels:history' }),
  },
  'a channel that does not exist': {
    path: post,
    init: json({ channel: '#nowhere', text: 'hi' }, auth),
    ...refused('channel_not_found'),
  },
  'a channel that the bot is not in': {
    path: post,
    init: json({ channel: '#finance', text: 'hi' }, auth),
    ...refused('not_in_channel'),
  },
  'an archived channel': { path: post, init: json({ channel: '#ops-2024', text: 'hi' }, auth), ...refused('is_archived') },
  'a message without words': { path: post, init: json({ channel }, auth), ...refused('no_text') },
  'a message of 40 001 characters': {
    path: post,
    init: json({ channel, text: 'x'.repeat(40_001) }, auth),
    ...refused('msg_too_long'),
  },
  'blocks that are no list': { path: post, init: json({ channel, blocks: 'x' }, auth), ...refused('invalid_blocks_format') },
  'metadata without a type': {
    path: post,
    init: json({ channel, text: 'hi', metadata: {} }, auth),
    ...refused('invalid_metadata_format'),
  },
  'a body that is no JSON': { path: post, init: { ...json({}, auth), body: '{' }, ...refused('invalid_json') },
  'a list as the body': { path: post, init: json([], auth), ...refused('json_not_object') },
  'a body of another type': {
    path: post,
    init: { method: 'POST', headers: { ...auth, 'Content-Type': 'text/xml' }, body: '<a/>' },
    ...refused('invalid_post_type'),
  },
  'a change of a message that was never sent': {
    path: '/api/chat.update',
    init: json({ channel, ts: '1.000001', text: 'hi' }, auth),
    ...refused('message_not_found'),
  },
  "a change of a person's message": {
    path: '/api/chat.update',
    init: json({ channel, ts: '1764000000.000100', text: 'hi' }, auth),
    ...refused('cant_update_message'),
  },
  'a change that names the channel instead of giving its id': {
    path: '/api/chat.update',
    init: json({ channel: '#nqba-incidents', ts: '1764000000.000100', text: 'hi' }, auth),
    ...refused('channel_not_found'),
  },
  'a cursor of its own making': {
    path: `/api/conversations.history?channel=${channel}&cursor=abc`,
    init: { headers: auth },
    ...refused('invalid_cursor'),
  },
  'a method that does not exist': {
    path: '/api/chat.shout',
    init: json({}, auth),
    ...refused('unknown_method', { req_method: 'chat.shout' }),
  },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals)) {
  test(`Slack refuses ${what}`, async t => {
    const messages: Message[] = [];
    const ask = await serving(t, slack(surroundings({ record: message => messages.push(message) })));
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body, messages], [status, body, []]);
  });
}

test('Slack answers the eleventh message in ten seconds with 429 and says how long to wait', async t => {
  const ask = await serving(t, slack(surroundings({ now: () => 5_000 })));
  for (let sent = 0; sent < 10; sent++) assert.equal((await ask(post, json({ channel, text: 'hi' }, auth))).status, 200);
  const { status, body, headers } = await ask(post, json({ channel, text: 'hi' }, auth));
  assert.deepEqual([status, body, headers.get('Retry-After')], [429, { ok: false, error: 'ratelimited' }, '10']);
});

const block = (text: string) => [{ type: 'section', text: { type: 'mrkdwn', text } }];

test('a message posted by name is changed by its id, and found again by its metadata', async t => {
  const messages: Message[] = [];
  const served = await listen('slack', slack(surroundings({ record: message => messages.push(message) })), 0);
  t.after(served.close);
  const client = new WebClient('xoxb-1', { slackApiUrl: `${served.url}/api/`, retryConfig: { retries: 0 } });
  const { postMessage: say } = client.chat;
  const sent = await say({
    channel: '#nqba-incidents',
    text: 'short',
    blocks: block('Dynex is down'),
    metadata,
  });
  await client.chat.update({ channel, ts: String(sent.ts), text: 'short', blocks: block('Dynex is back') });
  const history = await client.conversations.history({ channel, include_all_metadata: true, limit: 1 });
  assert.partialDeepStrictEqual(history.messages, [{ ts: sent.ts, blocks: block('Dynex is back'), metadata }]);
  assert.deepEqual(messages, [
    { system: 'slack', to: '#nqba-incidents', key: 'k/1', text: 'Dynex is down' },
    { system: 'slack', to: '#nqba-incidents', key: 'k/1', text: 'Dynex is back' },
  ]);
});

test('a history without include_all_metadata keeps the metadata to itself', async t => {
  const ask = await serving(t, slack(surroundings()));
  await ask(post, json({ channel, text: 'hi', metadata }, auth));
  const { body } = await ask(`/api/conversations.history?channel=${channel}&limit=1`, { headers: auth });
  assert.doesNotMatch(JSON.stringify(body), /k\/1/);
});

test('a long history comes in pages, newest first', async t => {
  const served = await listen('slack', slack(surroundings()), 0);
  t.after(served.close);
  const client = new WebClient('xoxb-1', { slackApiUrl: `${served.url}/api/`, retryConfig: { retries: 0 } });
  const { postMessage: say } = client.chat;
  for (const text of ['one', 'two', 'three']) await say({ channel, text });
  const first = await client.conversations.history({ channel, limit: 2 });
  const second = await client.conversations.history({ channel, limit: 2, cursor: first.response_metadata?.next_cursor });
  const texts = [first, second].map(({ messages }) => messages?.map(({ text }) => text));
  assert.deepEqual(texts, [
    ['three', 'two'],
    ['one', 'Handover: nothing open.'],
  ]);
});
