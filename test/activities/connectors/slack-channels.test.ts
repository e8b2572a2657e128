/** A channel by its name: private, one of thousands, and after an answer that Slack is over its limit of calls. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { connectSlack } from '../../../activities/connectors/slack.ts';
import { virtualClock } from '../bare.ts';

interface Made {
  /** Pages of the list, each with the names that it holds. */
  pages: string[][];
  privates?: string[];
  /** Words of refusals by the number of the call to the list. */
  refused?: Record<number, string>;
}

/** Slack as far as it lists channels and takes messages. */
function workspace({ pages, privates = [], refused = {} }: Made) {
  const cursors: string[] = [];
  const fetch = async (request: Request) => {
    const given = new URLSearchParams(await request.text());
    if (!request.url.endsWith('conversations.list')) return Response.json({ ok: true, channel: given.get('channel'), ts: '1.0' });
    const cursor = given.get('cursor') ?? '';
    cursors.push(cursor);
    const word = refused[cursors.length];
    if (word === 'ratelimited') return new Response('', { status: 429, headers: { 'retry-after': '30' } });
    if (word !== undefined) return Response.json({ ok: false, error: word });
    const at = Number(cursor || 0);
    const isListed = (name: string) => given.get('types')?.includes('private_channel') || !privates.includes(name);
    const channels = (pages[at] ?? []).filter(isListed).map(name => ({ id: `C_${name}`, name }));
    const next = at + 1 < pages.length ? String(at + 1) : '';
    return Response.json({ ok: true, channels, response_metadata: { next_cursor: next } });
  };
  const slack = connectSlack({ url: 'http://slack/api/', token: 'xoxb-test' }, { fetch, ...virtualClock() });
  return { slack, cursors };
}

test('a private channel is found by its name, and its id is kept', async () => {
  const { slack, cursors } = workspace({ pages: [['general'], ['war-room']], privates: ['war-room'] });
  assert.equal((await slack.post('#war-room', 'k', 'text')).channel, 'C_war-room');
  assert.equal(await slack.idOf('#war-room'), 'C_war-room');
  assert.deepEqual(cursors, ['', '1']);
});

test('after an answer that the limit of calls is reached the list goes on where it stopped', async () => {
  const pages = [['a'], ['b'], ['c'], ['incidents']];
  const { slack, cursors } = workspace({ pages, refused: { 3: 'ratelimited' } });
  await assert.rejects(slack.idOf('#incidents'), { status: 429, retryAfter: 30_000 });
  assert.equal(await slack.idOf('#incidents'), 'C_incidents');
  assert.deepEqual(cursors, ['', '1', '2', '2', '3']);
});

test('a token that may not list private channels still finds the public ones', async () => {
  const { slack } = workspace({ pages: [['incidents']], refused: { 1: 'missing_scope' } });
  assert.equal(await slack.idOf('#incidents'), 'C_incidents');
});

test('a place in the list that Slack no longer knows is looked for from the beginning', async () => {
  const { slack, cursors } = workspace({ pages: [['a'], ['incidents']], refused: { 2: 'invalid_cursor' } });
  assert.equal(await slack.idOf('#incidents'), 'C_incidents');
  assert.deepEqual(cursors, ['', '1', '', '1']);
});
