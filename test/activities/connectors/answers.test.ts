// A system that refuses is quoted in the sentence it gave: people never read raw JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, sentenceIn } from '../../../activities/connectors/http.ts';

const sentences: [string, string][] = [
  ['{"status":"error","errorType":"bad_data","error":"parse error at 1:3"}', 'parse error at 1:3'],
  [
    '{"status":"invalid event","message":"Event object is invalid","errors":["severity is missing"]}',
    'Event object is invalid: severity is missing',
  ],
  ['{"error":{"code":401,"message":"The key is unknown"}}', 'The key is unknown'],
  ['{"code":7}', 'JSON without a message'],
  ['[]', 'JSON without a message'],
  ['<html>Bad Gateway</html>', '<html>Bad Gateway</html>'],
  ['', 'nothing'],
];

for (const [body, sentence] of sentences)
  test(`the answer ${JSON.stringify(body)} is read as ${sentence}`, () => assert.equal(sentenceIn(body), sentence));

test('a refusal holds the status and the sentence', () => {
  assert.throws(() => accepted('Statuspage', { status: 422, text: '{"error":["Name is taken"]}' }), {
    message: 'Statuspage answered 422: Name is taken',
  });
});
