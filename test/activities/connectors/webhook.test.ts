/** What a webhook receives, against a receiver that refuses what receivers refuse. */

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import type { Page } from '../../../activities/connectors/pager.ts';
import type { SystemError } from '../../../activities/connectors/system-error.ts';
import { connectWebhook } from '../../../activities/connectors/webhook.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { webhook } from '../../../lab/stand-ins/webhook.ts';
import type { State } from '../../../lab/world/systems.ts';
import { answers, refuses, virtualClock } from '../bare.ts';

const page: Page = {
  to: 'ANN_WEBHOOK_URL',
  dedupKey: 'run-1/ANN_WEBHOOK_URL',
  summary: 'P1 Dynex Outage: No probe reaches <Dynex> (dynex-outage-20261124-k7fp)',
  text: 'P1 Dynex Outage: No probe reaches &lt;Dynex&gt; (dynex-outage-20261124-k7fp)',
  severity: 'error',
  details: { incident: 'dynex-outage-20261124-k7fp' },
  link: { href: 'https://temporal.example.com/x', text: 'Temporal UI' },
};
const {
  severity: _severity,
  link: _link,
  ...end
} = { ...page, summary: 'Resolved: Dynex is back.', text: 'Resolved: Dynex is back.' };

/** A receiver of `ann`, and what it took. */
function receiver(url = 'https://chat.example.com/hooks/ann') {
  const messages: Message[] = [];
  const requests: Request[] = [];
  let state: State = 'healthy';
  const clock = virtualClock();
  const app = webhook(surroundings({ ...clock, state: () => state, record: message => messages.push(message) }), ['ann']);
  const fetch = (request: Request) => {
    requests.push(request.clone());
    return app.fetch(request);
  };
  const urls = (name: string) => (name === page.to ? url : undefined);
  return { ...connectWebhook({ urls }, { ...clock, fetch }), messages, requests, set: (next: State) => (state = next) };
}

test('a page is one JSON with its kind, its key, a line for chats and the rest for pagers', async () => {
  const { trigger, requests } = receiver();
  await trigger(page);
  const [request] = requests;
  assert.equal(request?.headers.get('idempotency-key'), 'trigger/run-1/ANN_WEBHOOK_URL');
  const { to: _, dedupKey: key, ...rest } = page;
  assert.deepEqual(await request?.json(), { version: 1, kind: 'trigger', key, ...rest });
});

test('the same page twice is one, and its end is not taken for the page', async () => {
  const { trigger, resolve, messages } = receiver();
  await trigger(page);
  await trigger(page);
  await resolve(end);
  await resolve(end);
  assert.deepEqual(
    messages.map(({ key, text }) => [key, text]),
    [
      ['run-1/ANN_WEBHOOK_URL', `trigger: ${page.text}`],
      ['run-1/ANN_WEBHOOK_URL', 'resolve: Resolved: Dynex is back.'],
    ],
  );
});

for (const [state, fault, status] of [
  ['down', 'answered', 503],
  ['unauthorised', 'answered', 403],
  ['refused', 'unreachable', undefined],
  ['slow', 'unreachable', undefined],
] as const)
  test(`a receiver that is ${state} is a fault that names the variable, and never the address`, async () => {
    const { trigger, set } = receiver('https://chat.example.com/hooks/ann?token=hush');
    set(state);
    await assert.rejects(trigger(page), (error: SystemError) => {
      assert.match(error.message, /^The webhook ANN_WEBHOOK_URL /);
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }).replaceAll(/\n +at .*/g, ''), /hush|hooks\/ann/);
      assert.deepEqual([error.fault, error.status], [fault, status]);
      return true;
    });
  });

test('a receiver that redirects is not followed', async () => {
  const wire = { ...virtualClock(), fetch: answers(302, '', { location: 'http://elsewhere.example.com' }) };
  const { trigger } = connectWebhook({ urls: () => 'https://chat.example.com' }, wire);
  await assert.rejects(trigger(page), { fault: 'answered', status: 302 });
});

for (const [url, said] of [
  [undefined, 'ANN_WEBHOOK_URL is not set'],
  ['http://chat.example.com/hush', 'ANN_WEBHOOK_URL is no https address without a user'],
  ['https://ann:hush@chat.example.com/', 'ANN_WEBHOOK_URL is no https address without a user'],
  ['hush', 'ANN_WEBHOOK_URL is no https address without a user'],
  ['http://127.0.0.1.example.com/hush', 'ANN_WEBHOOK_URL is no https address without a user'],
] as const)
  test(`${url ?? 'a variable that is not set'} is refused before anything is sent`, async () => {
    const { lacks, trigger } = connectWebhook({ urls: () => url }, { ...virtualClock(), fetch: refuses });
    assert.equal(lacks(page.to), said);
    await assert.rejects(trigger(page), {
      fault: 'not connected',
      message: `The webhook ANN_WEBHOOK_URL is not connected: ${said}`,
    });
  });

for (const url of ['http://127.0.0.1:8080/hooks/ann', 'http://localhost/x', 'http://[::1]/x', 'https://chat.example.com/x'])
  test(`${url} may be called`, () => assert.equal(receiver(url).lacks(page.to), undefined));
