// How an event becomes an entry: whole where it fits, else shorter, step by step, and never without its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../workflows/kit/events.ts';
import { entryOf, longestEntry } from '../../../workflows/kit/journal.ts';
import { aQuestion, at } from '../../support/folding.ts';
import { aPlan, anAlert } from '../../support/building.ts';

const entry = (event: Event): Record<string, unknown> => ({ ...entryOf(7, at(0), event) });
const note = (length: number): Event => ({ kind: 'note', by: 'ann', text: 'x'.repeat(length) });
const rest = JSON.stringify(entry(note(0))).length;
const cut = (length: number, of = 'x') => `${of.repeat(length - 1)}…`;
const changes = (count: number, text: string) =>
  Array.from({ length: count }, () => ({ target: text, field: 'f', before: null, after: text }));
const settled = (count: number, text: string): Event => ({
  kind: 'step settled',
  key: 'k',
  state: 'done',
  because: '',
  changes: changes(count, text),
});

test('an entry is an event with its number, its time and its version', () => {
  assert.deepEqual(entry(note(1)), { version: 1, number: 7, at: at(0), kind: 'note', by: 'ann', text: 'x' });
});

test('what fits into 1 KiB is kept whole, to the last byte', () => {
  assert.equal(longestEntry, 1024);
  assert.equal(entry(note(1024 - rest)).text, 'x'.repeat(1024 - rest));
  assert.equal(entry(note(1025 - rest)).text, cut(600));
});

test('bytes count, not characters', () => {
  const text = '€'.repeat(400);
  assert.equal(entry({ kind: 'note', by: 'ann', text }).text, cut(200, '€'));
});

test('texts become shorter until the entry fits, and then lists do', () => {
  const kept = (count: number, length: number) => {
    const some = entry(settled(count, 'y'.repeat(length))).changes;
    assert.ok(Array.isArray(some));
    return [some.length, some[0].target, some[0].before];
  };
  assert.deepEqual(kept(1, 500), [1, cut(200, 'y'), null]);
  assert.deepEqual(kept(20, 5), [8, 'yyyyy', null]);
  assert.deepEqual(kept(4, 300), [4, cut(60, 'y'), null]);
  assert.deepEqual(kept(9, 90), [4, cut(60, 'y'), null]);
});

test('at the very shortest one item of a list is left, and twelve characters of a text', () => {
  const text = '€'.repeat(200);
  const byHand: Event = { kind: 'by hand', step: text, system: text, paste: text };
  assert.equal(entry(byHand).paste, cut(60, '€'));
  const asked = entry({
    kind: 'asked',
    question: aQuestion({ id: '€'.repeat(200), title: text, choices: [text, text, text, text] }),
  });
  assert.deepEqual(asked.question, {
    ...aQuestion({ id: '€'.repeat(200), title: cut(24, '€'), choices: [cut(24, '€')] }),
    kind: 'choice',
  });
  const longest = entry({ kind: 'asked', question: aQuestion({ id: '€'.repeat(400), title: text, choices: [text] }) });
  const { id, title, choices } = Object(longest.question);
  assert.deepEqual([id, title, choices], [cut(12, '€'), cut(12, '€'), [cut(12, '€')]]);
});

test('what names a thing is kept longer than what is said about it', () => {
  const name = 'n'.repeat(250);
  const kept = entry({ kind: 'withdrawn', question: name, because: 'x'.repeat(2000) });
  assert.deepEqual([kept.question, kept.because], [name, cut(600)]);
  const named = entry({ kind: 'step began', key: name, title: 'x'.repeat(2000), phase: 'x'.repeat(2000) });
  assert.deepEqual([named.key, named.title], [name, cut(200)]);
});

test('a question is never kept whole: of its plan the digest and the summary are', () => {
  const plan = { ...aPlan(), summary: 's'.repeat(200) };
  const { question } = entry({ kind: 'asked', question: aQuestion({ plan }) });
  assert.deepEqual(question, { ...aQuestion(), plan: { digest: 'd1', summary: cut(120, 's') } });
});

test('of labels and annotations as many are kept as of lists', () => {
  const labels = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`label${index}`, 'x'.repeat(20)]));
  const kept = entry({ kind: 'alert', alert: anAlert({ labels, annotations: labels }) }).alert;
  const names = Object.keys(labels).slice(0, 8);
  for (const field of ['labels', 'annotations']) assert.deepEqual(Object.keys(Reflect.get(Object(kept), field)), names, field);
});

test('what fits in no way at all is kept by its kind', () => {
  const facts = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`fact number ${index}`, index]));
  const event: Event = { kind: 'step settled', key: 'k', state: 'healthy', because: '', facts };
  assert.deepEqual(entry(event), { version: 1, number: 7, at: at(0), kind: 'step settled' });
});
