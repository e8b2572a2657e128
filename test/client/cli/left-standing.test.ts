/** Texts for people about an incident that ended while changes of it stood. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { details } from '../../../client/cli/details.ts';
import { firstLines } from '../../../client/cli/first-lines.ts';
import type { Left } from '../../../client/cli/left.ts';
import { markdown } from '../../../client/cli/markdown.ts';
import { aReport } from '../../support/reporting.ts';

const change = 'Activate Circuit Breaker: ConfigMap nqba-platform/nqba-config';
const report = aReport({ state: 'closed', outcome: 'close: leave them standing', standing: [change] });
const settings = [{ target: 'ConfigMap a/b', field: 'QUANTUM_BACKEND', before: 'dynex', after: 'classical' }];
const seen = (left: Partial<Left>) => ({
  name: report.incident,
  report,
  left: { settings: [], others: [], looked: true, ...left },
  now: Date.parse('2026-11-24T04:00:00Z'),
});
const lastLines = (left: Partial<Left>) => firstLines(seen(left)).slice(2);

test('the first lines name what still stands, as the objects say it, and the command', () => {
  assert.deepEqual(lastLines({ settings }), [
    `Needs from you:       it is closed, and still changed: ConfigMap a/b. Undo: runbooks undo ${report.incident}`,
    'If you do nothing:    the change stays in effect until a person restores it',
  ]);
  const below = details(seen({ settings }), 'w').join('\n');
  assert.match(below, /^Left changed\n.*\nConfigMap a\/b +QUANTUM_BACKEND +dynex +classical$/m);
  assert.match(below, new RegExp(`^Stood when it ended\n${change}$`, 'm'));
});

test('objects that were not read leave what the record knows', () => {
  assert.match(
    lastLines({ looked: false })[0] ?? '',
    new RegExp(`still changed: ${change} \\(when it closed; the objects were not`),
  );
});

test('what was restored since is nothing to do', () => {
  assert.deepEqual(lastLines({}), [
    'Needs from you:       nothing: it is closed, and the changes that stood then have been restored since',
    'If you do nothing:    nothing: close: leave them standing',
  ]);
});

test('the page says it in its head', () => {
  const [line] = markdown(report).filter(text => text.startsWith('Stood when it ended'));
  assert.equal(line, `Stood when it ended: ${change}. To restore: runbooks undo ${report.incident}`);
});
