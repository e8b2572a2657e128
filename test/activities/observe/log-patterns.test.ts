/** Lines of one kind as a regular expression: it finds its kind and no other, and takes as long as the line is, whatever is in it. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { patternOf } from '../../../activities/observe/logs/pattern.ts';
import { shapeOf } from '../../../activities/observe/logs/shapes.ts';

const finds = (line: string, other: string) => new RegExp(patternOf(line) ?? '(?!)', 'i').test(other);
const repeated = (text: string, times: number) => Array.from({ length: times }, () => text).join('');

/** An expression that tries every way to divide these among its parts takes years for each. */
const hostile = [
  `ERROR values ${Array.from({ length: 60 }, (_, index) => index).join(',')}`,
  `ERROR versions ${repeated('1.2.3.4.5.', 60)}`,
  `ERROR digits ${repeated('7', 1_900)}`,
  `ERROR spaced ${repeated('5 ', 900)}`,
  `ERROR times ${repeated('2026-11-24 02:11:09 ', 60)}`,
  `ERROR peers ${repeated('10.0.3.7:5432:', 60)}`,
  `ERROR keys ${repeated('8f14e45fceea167a-', 60)}`,
  `ERROR mails ${repeated('a@example.com', 60)}`,
  `ERROR hex ${repeated('0x1x', 60)}`,
  `ERROR gaps${repeated(' \t', 900)}end`,
  `ERROR quotes ${repeated('"msg":"1', 60)}`,
  `ERROR slashes ${repeated('\\n1\\', 60)}`,
];

for (const text of hostile)
  for (const line of [text, JSON.stringify({ level: 'ERROR', msg: text })])
    test(`a hostile line is read in one pass: ${line.slice(0, 40)}`, () => {
      const pattern = patternOf(line);
      // Nearly the same line is the hardest: every way fails only at its end.
      for (const near of [line, `${line}!`, line.slice(0, 100), `${line.slice(0, 90)}"`, line.replaceAll('ERROR', 'ERRORS')])
        assert.equal(typeof new RegExp(pattern ?? '(?!)', 'i').test(near), 'boolean');
    });

const kinds: [line: string, same: string, other: string][] = [
  ['ERROR values 1,2,3', 'ERROR values 7,80,9', 'ERROR values 1,2'],
  ['job 7 failed: pool exhausted', 'job 12.5 failed: pool exhausted', 'job scheduler failed: pool exhausted'],
  ['took=5ms path=/orders/7', 'took=18ms path=/orders/1', 'took=5ms path=/users/7'],
  ['cannot reach 10.0.3.7:5432', 'cannot reach 10.0.3.19', 'cannot reach redis'],
  ['2026-11-24 02:11:09 job 8f14e45fceea167a is lost', '2026-11-24 02:12:10 job 45c48cce2e2d7fbd is lost', 'job is lost'],
  ['mail to jane@example.com: bounced', 'mail to x.y@example.org: bounced', 'mail to jane@example.com: refused'],
  [
    '{"msg":"cannot open \\"a.txt\\"\\nline 7"}',
    '{"msg":"cannot open \\"a.txt\\"\\nline 70"}',
    '{"msg":"cannot open \\"b.txt\\"\\nline 7"}',
  ],
];

for (const [line, same, other] of kinds)
  test(`the pattern of “${shapeOf(line)}” finds its kind, and not “${shapeOf(other)}”`, () => {
    assert.equal(shapeOf(line), shapeOf(same));
    assert.deepEqual([finds(line, line), finds(line, same), finds(line, other)], [true, true, false]);
  });

test('a pattern names the one field that has the sentence', () => {
  assert.equal(finds('{"error":"timeout"}', '{"level":"error","error":"timeout"}'), true);
  assert.equal(finds('{"error":"timeout"}', '{"msg":"timeout"}'), false);
});
