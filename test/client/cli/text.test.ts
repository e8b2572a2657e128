import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { duration } from '../../../client/cli/durations.ts';
import { bold, cut, line, quoted, span, table } from '../../../client/cli/text.ts';

describe('a duration', () => {
  test('is read as it is typed', () => {
    const read = ['90s', '3m', '1h30m', '40 minutes', '1 hour', '2 days', '0s', '1.5m', '1 h 5 min'].map(duration);
    assert.deepEqual(read, [90_000, 180_000, 5_400_000, 2_400_000, 3_600_000, 172_800_000, 0, 90_000, 3_900_000]);
  });

  test('that is none is refused with an example', () => {
    for (const text of ['', '3', 'm', '3x', '3m later', '-3m', '3m;'])
      assert.throws(() => duration(text), /not a duration: type for example 90s, 3m or 1h30m/);
  });
});

describe('a line', () => {
  test('takes of what others wrote the text only, on one line', () => {
    assert.equal(line`alert: ${'a\u001b[31mb\nc\u009bd\u202ee'}`, 'alert: a[31mb cde');
  });

  test('is coloured on a terminal only', () => {
    assert.equal(bold('x'), 'x');
  });

  test('is cut without breaking a character', () => {
    assert.equal(cut('abcdef', 4), 'abc…');
    assert.equal(cut('ab', 4), 'ab');
    assert.ok(cut('a😀😀', 3).isWellFormed());
  });
});

test('a word for the shell is read back as it was, whatever is in it', () => {
  for (const word of ['Dynex Platform Issue', "it's", '$(reboot) `x` "y" \\', 'plain-word_1.2:/@', ''])
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' }), word);
});

test('lengths of time are said in the unit that people would take', () => {
  assert.deepEqual([900, 99_000, 720_000, 13_200_000, 259_200_000, -5].map(span), [
    '1 s',
    '99 s',
    '12 min',
    '3 h 40 min',
    '3 days',
    '0 s',
  ]);
});

test('columns are as wide as their widest cell, and hold no control characters', () => {
  assert.deepEqual(table(['A', 'LONG'], [['wide cell', 'x\u0007\ny']]), ['A          LONG', 'wide cell  x y']);
  assert.deepEqual(table(['A'], []), []);
});
