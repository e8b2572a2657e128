// How an event becomes an entry: whole where it fits, else shorter, step by step, and never without its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { type Entry, entryOf, Journal, longestEntry } from '../../../workflows/kit/record/journal.ts';
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

test('a name is kept to its three hundredth character, however short the rest becomes', () => {
  const id = (change: object) =>
    Object(entry({ kind: 'asked', question: aQuestion({ id: 'n'.repeat(400), ...change }) }).question);
  const long = 'x'.repeat(2000);
  assert.equal(id({ title: '' }).id, cut(300, 'n'));
  assert.deepEqual([id({ title: long, because: long }).id, id({ title: long, because: long }).title], [cut(300, 'n'), cut(200)]);
  const three = { title: long, because: long, evidence: long };
  assert.deepEqual([id(three).id, id(three).title], [cut(300, 'n'), cut(60)]);
  const lists = { ...three, suggest: long, otherwise: long, withdrawn: long, choices: Array.from({ length: 9 }, () => long) };
  assert.deepEqual([id(lists).id, id(lists).title], [cut(300, 'n'), cut(24)]);
});

test('every name that a thing may have is one', () => {
  const name = 'n'.repeat(100);
  const text = 'x'.repeat(2000);
  const decided = entry({
    kind: 'decide',
    how: 'claimed',
    decision: { question: name, choice: text, by: text, reason: text, text, digest: text },
  });
  assert.deepEqual([Object(decided.decision).question, Object(decided.decision).by], [name, cut(60)]);
  const takeBack = {
    action: 'setFallback',
    key: name,
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: name, name },
    words: 'a change',
  } as const;
  const effect = { measured: 'whole', text } as const;
  const back = entry({ kind: 'step settled', key: 'k', state: 'done', because: text, evidence: text, effect, takeBack });
  assert.deepEqual([back.takeBack, back.because], [takeBack, cut(60)]);
  const alert = anAlert({ fingerprint: name, startsAt: at(0), annotations: { summary: text, description: text, value: text } });
  const kept = Object(entry({ kind: 'alert', alert }).alert);
  assert.deepEqual([kept.fingerprint, kept.annotations.summary], [name, cut(60)]);
});

test('of a list two dozen items are kept, where they fit', () => {
  const choices = Array.from({ length: 40 }, () => 'ab');
  assert.equal(Object(entry({ kind: 'asked', question: aQuestion({ choices }) }).question).choices.length, 24);
});

test('a journal numbers what happened, in order, and goes on where the run before it ended', () => {
  const numbers = (entries: Entry[]) => entries.map(({ number, at, kind }) => [number, at, kind]);
  const first = new Journal();
  assert.deepEqual(first.carryOver(), { entries: [], left: 0 });
  first.note({ kind: 'quiet', at: at(1) });
  first.note({ kind: 'paused', at: at(2) });
  const second = new Journal(first.carryOver());
  second.note({ kind: 'seen', at: at(3) });
  const all = [
    [1, at(1), 'quiet'],
    [2, at(2), 'paused'],
    [3, at(3), 'seen'],
  ];
  assert.deepEqual(numbers(second.read()), all);
  assert.deepEqual(numbers(second.carryOver().entries), all);
});

test('the newest four hundred entries are handed on, and how many there were before them', () => {
  const first = new Journal();
  for (let count = 0; count < 450; count += 1) first.note({ kind: 'paused', at: at(count) });
  const once = first.carryOver();
  assert.deepEqual([once.left, once.entries.length, once.entries[0]?.number], [50, 400, 51]);
  const second = new Journal(once);
  second.note({ kind: 'quiet', at: at(500) });
  const twice = second.carryOver();
  assert.deepEqual([twice.left, twice.entries.length, twice.entries.at(-1)?.number], [51, 400, 451]);
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
