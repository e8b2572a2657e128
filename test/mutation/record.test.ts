// Which results are kept of the calls that are taken out, and which calls are tried again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverOf, notCovered } from '../../client/covered.ts';
import { notYetMissed, withTaken } from './record.ts';
import { rehearsed, slugs } from './rehearsed.ts';

const call = (id: number, title: string) => ({ id, title, file: 'workflows/runbooks/quota/limit.ts', line: id });
const calls = [call(1, 'Raise'), call(2, 'Verify'), call(3, 'Verify'), call(4, 'Mail')];
const taken = (id: number, noticed?: string) => ({ ...call(id, calls[id - 1]?.title ?? ''), noticed });

test('of calls with one title the one that is not missed is kept, and titles that are gone are dropped', () => {
  const before = { 'quota/limit.ts': { Gone: 'a test', Mail: 'another' }, 'a.ts': { Other: null } };
  assert.deepEqual(withTaken(before, calls, [taken(3), taken(2, 'a test'), taken(1, 'a test')]), {
    'a.ts': { Other: null },
    'quota/limit.ts': { Raise: 'a test', Verify: null, Mail: 'another' },
  });
});

test('a call that is missed now was not missed before', () => {
  const before = { 'quota/limit.ts': { Raise: null } };
  assert.deepEqual(withTaken(before, calls, [taken(1, 'a test')]), { 'quota/limit.ts': { Raise: 'a test' } });
});

test('again only calls that no test missed are tried, and those that never were', () => {
  const missed = { 'quota/limit.ts': { Raise: 'a test', Verify: null } };
  const subject = { slug: 'quota', texts: {}, calls, tests: [], skipped: [] };
  assert.deepEqual(
    notYetMissed(subject, missed).calls.map(({ id }) => id),
    [2, 3, 4],
  );
});

test('a line is as the worst of its calls, those in a part of another runbook among them', () => {
  const missed = {
    'quota.ts': { Raise: 'a test', Verify: null },
    'keys/mail.ts': { Mail: 'a test' },
    'keys.ts': { Page: 'a test' },
  };
  const of = (...places: string[]) => coverOf({ runbook: 'quota', kind: 'step', places }, missed);
  assert.deepEqual(
    [of('Raise', 'Mail'), of('Raise', 'Verify'), of('Raise', 'A question'), of('Page')],
    ['covered', 'not covered', 'covered', 'not tried'],
  );
  assert.equal(coverOf({ runbook: 'quota', kind: 'task', places: ['Raise'] }, missed), undefined);
  assert.equal(coverOf({ runbook: 'unknown', kind: 'step', places: ['Mail'] }, missed), 'not tried');
  assert.deepEqual([notCovered('quota', missed), notCovered('keys', missed)], [['Verify'], []]);
});

for (const slug of slugs)
  test(`of ${slug} every call was taken out, and a test missed it`, () => {
    const others = notYetMissed(rehearsed(slug)).calls.map(({ title }) => title);
    assert.deepEqual(others, [], `npm run mutate -- --runbook ${slug} --not-covered says what is missing`);
  });
