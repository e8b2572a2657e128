/** The search that `npm run verify` proves the absence of secrets with: each form is found, and nothing else is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formsOf, found } from './support/canaries.ts';

const canary = 'xoxb-canary+of/slack=7Q';
const foundIn = (text: string) => found({ slack: canary }, [{ name: 'a log', pieces: [Buffer.from(text)] }]);
const isFound = ['slack in a log'];

for (const before of ['', 'a', 'ab', 'abc', 'user:'])
  for (const after of ['', 'z', 'yz'])
    for (const form of ['base64', 'base64url', 'hex'] as const)
      test(`${form} of a text that begins with “${before}” and ends with “${after}”`, () => {
        const text = Buffer.from(`${before}${canary}${after}`).toString(form);
        assert.deepEqual(foundIn(`authorization: Basic ${text}`), isFound);
      });

test('as it is, in a URL, in a form and in JSON', () => {
  assert.deepEqual(foundIn(`the token ${canary}.`), isFound);
  assert.deepEqual(foundIn(`https://user:${encodeURIComponent(canary)}@host`), isFound);
  assert.deepEqual(foundIn(new URLSearchParams({ token: canary }).toString()), isFound);
  assert.deepEqual(found({ key: 'a"b\\c' }, [{ name: 'a log', pieces: [Buffer.from(JSON.stringify({ key: 'a"b\\c' }))] }]), [
    'key in a log',
  ]);
});

test('a part of it, or another one, is not found', () => {
  assert.deepEqual(foundIn(canary.slice(1)), []);
  assert.deepEqual(foundIn(Buffer.from(canary.slice(2)).toString('base64')), []);
  assert.equal(
    formsOf(canary).every(form => form.length >= canary.length - 1),
    true,
  );
});

test('each credential is told once for each place that has it', () => {
  const places = ['one', 'other'].map(name => ({
    name,
    pieces: ['first', 'and second', 'first'].map(text => Buffer.from(text)),
  }));
  assert.deepEqual(found({ first: 'first', second: 'second', third: 'third' }, places), [
    'first in one',
    'second in one',
    'first in other',
    'second in other',
  ]);
});
