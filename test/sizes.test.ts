/** How many lines each new runbook, action and vendor costs: printed, so that growth is seen, and bounded where the house has a rule. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { practiceSystems } from '../lab/stand-ins/index.ts';

const root = join(import.meta.dirname, '..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const linesOf = (file: string) => text(file).split('\n').length - 1;
const found = (pattern: string) => globSync(pattern, { cwd: root }).toSorted();
const sum = (numbers: number[]) => numbers.reduce((one, other) => one + other, 0);
const meanOf = (files: string[]) => Math.round(sum(files.map(linesOf)) / files.length);

const print = (line: string) => process.stderr.write(`${line}\n`);

/** Lines of workflows/kit when there were three runbooks. */
const atFirst = { kit: 3_847, runbooks: 3 };

const kit = sum(found('workflows/kit/**/*.ts').map(linesOf));
const runbooks = found('workflows/runbooks/*.ts');
const parts = found('workflows/runbooks/*/**/*.ts');
const actions = found('activities/**/*.ts').filter(file => /^export const \w+: Action</m.test(text(file)));
const standIns = sum(found('lab/stand-ins/**/*.ts').map(linesOf));

test('the kit grows with what runbooks need, and each of them stays short', () => {
  const grown = kit - atFirst.kit;
  const more = runbooks.length - atFirst.runbooks;
  const each = Math.round(grown / more);
  print(
    `workflows/kit: ${kit} lines, ${grown} more than with ${atFirst.runbooks} runbooks: ${each} for each of ${more} (aim: 50)`,
  );
  print(
    `a runbook: ${meanOf(runbooks)} lines (${runbooks.length}), and ${Math.round(sum(parts.map(linesOf)) / runbooks.length)} of causes and parts`,
  );
  assert.ok(runbooks.length >= 16);
  for (const file of runbooks) assert.ok(linesOf(file) <= 110, `${file} has ${linesOf(file)} lines: at most 110`);
});

test('an action is one file, and short on average', () => {
  print(`an action: ${meanOf(actions)} lines (${actions.length})`);
  print(`a stand-in: ${Math.round(standIns / practiceSystems.length)} lines (${practiceSystems.length})`);
  assert.ok(actions.length >= 25);
  assert.ok(meanOf(actions) <= 140, `${meanOf(actions)} lines on average: move what actions share into the engine`);
});
