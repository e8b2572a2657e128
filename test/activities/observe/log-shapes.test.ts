/** Lines that say the same are one kind, and nothing secret is in it. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { shapeOf, shapesOf } from '../../../activities/observe/logs/shapes.ts';

test('numbers, ids, times and addresses make no other kind', () => {
  const lines = [
    '2026-11-24T02:11:09.123Z ERROR job 8f14e45fceea167a failed after 31.5 s on 10.0.3.7:5432',
    '2026-11-24T02:12:44.001Z ERROR job 45c48cce2e2d7fbd failed after 4 s on 10.0.3.9:5432',
  ];
  assert.deepEqual(shapesOf(lines), [{ text: '<time> ERROR job <id> failed after <n> s on <address>', count: 2 }]);
});

test('the sentence of a structured line counts, and the most frequent kind stands first', () => {
  const line = (message: string) => JSON.stringify({ level: 'ERROR', trace_id: crypto.randomUUID(), message });
  assert.deepEqual(shapesOf([line('pool exhausted'), line('timeout after 30 s'), line('timeout after 31 s')]), [
    { text: 'timeout after <n> s', count: 2 },
    { text: 'pool exhausted', count: 1 },
  ]);
  assert.equal(shapeOf(''), '(empty)');
  assert.ok(shapeOf('word '.repeat(900)).length <= 120);
});

const hidden: Record<string, string> = {
  'a password in an address': 'cannot reach postgresql://nqba:hunter@db:5432/nqba',
  'a header': 'request with Authorization: Bearer hunter.hunter',
  'a key by its name': 'DYNEX_API_KEY=hunter refused',
  'a key in JSON': '{"api_key": "hunter", "status": 401}',
  'a key by its form': 'key dnx_hunter_4f1c9a7e is revoked',
  'a token of a session': 'token eyJhunter.eyJhunter.hunter expired',
  'a password in a query': 'GET /login?user=a&password=hunter&next=1',
  'an address of a person': 'mail to jane.hunter@example.com bounced',
};

for (const [what, line] of Object.entries(hidden))
  test(`${what} is masked`, () => {
    assert.doesNotMatch(shapeOf(line), /hunter/);
    assert.match(shapeOf(line), /<(secret|mail)>/);
  });
