import assert from 'node:assert/strict';
import test from 'node:test';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { webhook } from '../../../lab/stand-ins/webhook.ts';
import { json, type Row, serving } from './serving.ts';

const page = { version: 1, kind: 'trigger', key: 'run-1/ANN', summary: 'Dynex is down', text: 'Dynex is down', details: {} };
const key = { 'Idempotency-Key': 'trigger/run-1/ANN' };
const path = '/hooks/ann';

const refusals: Record<string, Row> = {
  'a hook that does not exist': { path: '/hooks/bob', init: json(page, key), status: 404, body: 'no_such_hook' },
  'another method': { path, status: 405, body: 'Method Not Allowed' },
  'a form': {
    path,
    init: { method: 'POST', headers: { ...key, 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'text=x' },
    status: 415,
    body: 'unsupported_media_type',
  },
  'a body above 64 KiB': {
    path,
    init: json({ ...page, details: { more: 'x'.repeat(65_536) } }, key),
    status: 413,
    body: 'payload_too_large',
  },
  'a page without its key': { path, init: json(page), status: 400, body: { title: 'Idempotency-Key is missing' } },
  'a page of another version, of no kind, with a summary that is too long': {
    path,
    init: json({ ...page, version: 2, kind: 'open', summary: 'x'.repeat(1025) }, key),
    status: 400,
    body: { title: 'invalid_payload', errors: ['version', 'kind', 'summary'] },
  },
};

for (const [what, { path, init, status, body }] of Object.entries(refusals))
  test(`a webhook receiver refuses ${what}`, async t => {
    const messages: Message[] = [];
    const ask = await serving(t, webhook(surroundings({ record: message => messages.push(message) }), ['ann']));
    const answered = await ask(path, init);
    assert.deepEqual([answered.status, answered.body, messages], [status, body, []]);
  });

test('the same key with the same body is taken once; with another body it is refused', async t => {
  const messages: Message[] = [];
  const ask = await serving(t, webhook(surroundings({ record: message => messages.push(message) }), ['ann']));
  const statuses: number[] = [];
  for (const body of [page, page, { ...page, summary: 'Dynex is up' }]) statuses.push((await ask(path, json(body, key))).status);
  assert.deepEqual(statuses, [200, 200, 422]);
  assert.equal(messages.length, 1);
});

test('a receiver that is out of order, or knows us no longer, says so', async t => {
  for (const [state, status] of [
    ['down', 503],
    ['unauthorised', 403],
  ] as const) {
    const ask = await serving(t, webhook(surroundings({ state: () => state }), ['ann']));
    assert.equal((await ask(path, json(page, key))).status, status);
  }
});

test('the 61st page of a minute has to wait', async t => {
  const ask = await serving(t, webhook(surroundings({ now: () => 5_000 }), ['ann']));
  const answers = [];
  for (let call = 0; call < 61; call++) answers.push(await ask(path, json(page, key)));
  assert.deepEqual(
    [answers.at(-2)?.status, answers.at(-1)?.status, answers.at(-1)?.headers.get('retry-after')],
    [200, 429, '30'],
  );
});
