import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestChanges, stepOf } from '../../../client/cli/recorded-changes.ts';
import { at } from '../../support/folding.ts';
import { aReportedStep } from '../../support/reporting.ts';

const target = { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' } as const;
const step = (title: string, minute: number, record: string, takesBack?: string) =>
  aReportedStep({
    title,
    key: `run/${title}/1`,
    began: at(minute),
    takeBack: { action: 'setFallback', key: record, target, words: title },
    ...(takesBack !== undefined && { takesBack }),
  });

test('a record that steps share, or that was undone before, is one change: by its first title, in its latest words and at its latest time', () => {
  const steps = [
    step('First stage', 1, 'share'),
    step('Pin the floor', 2, 'floor'),
    step('Second stage', 3, 'share'),
    step('Undo: First stage', 4, 'share', 'share'),
    step('Undo: First stage', 5, 'share', 'share'),
  ];
  assert.deepEqual(
    newestChanges({ steps }).map(({ title, takeBack }) => [title, takeBack.key, takeBack.words]),
    [
      ['First stage', 'share', 'Second stage'],
      ['Pin the floor', 'floor', 'Pin the floor'],
    ],
  );
});

test('a record on an object belongs to the step that tried, whatever its letter, and to no step whose key it only begins with', () => {
  const steps = [aReportedStep({ title: 'One', key: 'run/A/1' }), aReportedStep({ title: 'Eleven', key: 'run/A/11' })];
  assert.deepEqual(
    ['run/A/1', 'run/A/1b', 'run/A/11', 'run/A/11c', 'run/A/12'].map(key => stepOf({ steps }, key)?.title),
    ['One', 'One', 'Eleven', 'Eleven', undefined],
  );
});
