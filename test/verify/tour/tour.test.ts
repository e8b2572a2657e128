/** All written runbooks once each on real servers, one after the other on one platform: a line of each, against the table beside this file. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { binary } from '../../../lab/binaries.ts';
import { runbooks } from '../../../workflows/catalog/index.ts';
import { lineRunsOf, writtenLines } from '../../../client/coverage.ts';
import type { Answered } from '../../support/answered-by.ts';
import { contradictions } from '../../support/claims.ts';
import { factsOf, held, saidAbout } from '../../support/guide-facts.ts';
import { writeLineRuns } from '../../support/line-runs.ts';
import { deviations, printed, tourTable } from '../../support/tour-line.ts';
import { Tour } from '../../support/touring.ts';
import { billing } from './rows/billing.ts';
import { calls } from './rows/calls.ts';
import { operations, reading } from './rows/operations.ts';
import { pins } from './rows/pins.ts';
import { platform } from './rows/platform.ts';
import { quantum } from './rows/quantum.ts';

/** Those that read what has happened come after something has. */
const rows = [...operations, ...quantum, ...reading, ...calls, ...pins, ...billing, ...platform];
const table = tourTable();
/** Slugs, to run a few of them while one is written; all of them unless told. */
const only = process.env['TOUR']?.split(',');
const unknown = only?.filter(slug => !rows.some(({ runbook }) => runbook === slug)) ?? [];
assert.deepEqual(
  unknown,
  [],
  `TOUR names runbooks that do not exist; there are ${rows.map(({ runbook }) => runbook).join(', ')}`,
);
const say = (line: string) => process.stderr.write(`${line}\n`);

test('every runbook of the catalog has its row', () => {
  assert.deepEqual(rows.map(({ runbook }) => runbook).toSorted(), runbooks.map(({ slug }) => slug).toSorted());
});

describe('the tour', { timeout: 40 * 60_000 }, () => {
  let tour: Tour;
  const answered = new Map<string, Answered>();
  before(async () => {
    await binary('ipfs', { say });
    tour = await Tour.start();
  });
  after(() => tour?.stop());
  afterEach(() => tour?.calm());

  for (const { runbook, run, isOver } of rows.filter(row => only?.includes(row.runbook) ?? true))
    test(runbook, async () => {
      const since = new Date();
      const before = await held(tour.platform);
      const followed = await run(tour);
      answered.set(runbook, await tour.answered(followed));
      const line = await tour.line(followed, since);
      say(`${printed(line)}; ${Math.round((Date.now() - since.getTime()) / 1_000)} s`);
      const expected = table.find(row => row.runbook === runbook) ?? assert.fail(`the table has no ${runbook}`);
      const facts = { ...(await factsOf(tour.platform, since, before)), isSymptomGone: await isOver(tour) };
      const said = await saidAbout(tour.platform, followed.name, since);
      assert.deepEqual([...deviations(expected, line), ...contradictions(said, facts)], []);
    });

  test('no credential lies in what Temporal keeps, in logs, messages, artifacts or metrics, where a word that was told is found', async () => {
    const word = randomBytes(12).toString('hex');
    const opened = await tour.opened('dynex-service-outage', word);
    await tour.said('cancel', opened.name, '--reason', 'only its word is looked for', '--as', 'ann');
    const found = await tour.found({ word, 'a metric': 'nqba_runbooks_' });
    const planted = ['word in temporal/', 'a metric in /metrics of the worker', 'a metric in /metrics of the intake'];
    assert.deepEqual(
      planted.filter(place => !found.some(one => one.startsWith(place))),
      [],
      found.join('; '),
    );
    assert.deepEqual(
      found.filter(one => !/^(word|a metric) in /.test(one)),
      [],
    );
  });

  test('docs/written/coverage.json says what of each written line ran', () => {
    const before = lineRunsOf();
    writeLineRuns(writtenLines(), answered);
    assert.deepEqual(lineRunsOf(), before, 'it is written again: look at the difference, and commit it');
  });
});
