// Every text that operators read stands in one list, so that wording is read as text when it changes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { operatorTexts, page, rewrite } from './operator-texts.ts';

const listed = readFileSync(page, 'utf8');

test('the list has the texts of the source, and no others', () => {
  assert.equal(listed, operatorTexts(), `Read what has changed, then type: ${rewrite}`);
});

test('the list is short enough to be read', () => {
  assert.ok(listed.split('\n').length <= 1_500);
});

test('no text opens with a relative pronoun; a question may', () => {
  const texts = listed.split('\n').filter(line => /^- Wh(at|o|om|ose|ether) /.test(line) && !/[?]$/.test(line));
  assert.deepEqual(texts, ['- What it did: …', '- What it did: not known; ……']);
});
