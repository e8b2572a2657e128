/** The table that the tour is held to: a row for each runbook, and whatever differs from a row is said. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runbooks } from '../workflows/catalog/index.ts';
import { deviations, expectedIn, leastWrites, type Line, tourTable, writingLines } from './support/tour-line.ts';

test('every runbook of the catalog has one row', () => {
  assert.deepEqual(
    tourTable()
      .map(({ runbook }) => runbook)
      .toSorted(),
    runbooks.map(({ slug }) => slug).toSorted(),
  );
});

test('each step of the step map that writes on the way of a row is expected to write, or the row says why not', () => {
  for (const row of tourTable()) {
    const most = Object.values(row.writes).reduce((sum, { most }) => sum + most, 0);
    assert.ok(most >= leastWrites(row), row.runbook);
    const ids = writingLines(row).map(({ id }) => id);
    for (const { id } of row.without)
      assert.ok(
        ids.some(one => one.endsWith(`/${id}`)),
        `${row.runbook}: ${id}`,
      );
  }
});

describe('a line that differs from its row', () => {
  const row = [
    'dynex-service-outage',
    '',
    'configmaps/a 1, deployments/b 1-2',
    'slack 2, pagerduty 0-2',
    '1-2',
    'Tidy up (platform) | perhaps: Rest (platform)',
    '',
    'recovered',
  ];
  const [expected] = expectedIn(`a head\n${row.join('\t')}\n`);
  const line: Line = {
    runbook: 'dynex-service-outage',
    writes: { 'configmaps/a': 1, 'deployments/b': 2 },
    messages: { slack: 5 },
    questions: 1,
    left: ['Tidy up (platform)'],
    outcome: 'recovered',
  };
  const said = (changed: Partial<Line>) => deviations(expected ?? assert.fail(), { ...line, ...changed });

  test('has a sentence for each difference', () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ left: [...line.left, 'Rest (platform)'] }), []);
    const changes: [Partial<Line>, string][] = [
      [{ writes: { ...line.writes, 'deployments/b': 3 } }, '3 writes of deployments/b, expected 1 to 2'],
      [{ writes: { 'deployments/b': 1 } }, '0 writes of configmaps/a, expected 1'],
      [{ writes: { ...line.writes, 'secrets/c': 1 } }, '1 writes of secrets/c, expected 0'],
      [{ messages: { slack: 1 } }, '1 messages of slack, expected 2 or more'],
      [{ messages: { slack: 2, pagerduty: 3 } }, '3 messages of pagerduty, expected 0 to 2'],
      [{ messages: { slack: 2, mail: 1 } }, '1 messages of mail, expected 0'],
      [{ questions: 3 }, '3 questions, expected 1 to 2'],
      [{ left: [] }, 'not left to people: Tidy up (platform)'],
      [{ left: [...line.left, 'Clean (database)'] }, 'left to people: Clean (database)'],
      [{ outcome: 'done' }, 'it ended “done”, not “recovered”'],
    ];
    for (const [changed, sentence] of changes) assert.deepEqual(said(changed), [sentence]);
  });

  test('is found where it wrote less than the step map wants, whatever the table expects', () => {
    const [none] = expectedIn(`a head\n${row.with(2, '').join('\t')}\n`);
    assert.deepEqual(deviations(none ?? assert.fail(), { ...line, writes: {} }), [
      '0 writes: the step map has 1 steps that write on its way',
    ]);
  });

  test('cannot be held to a row that is no count', () =>
    assert.throws(() => expectedIn(`a head\n${row.with(4, 'some').join('\t')}\n`)));
});
