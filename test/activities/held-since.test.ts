/** The question when the rule of an alert first held, asked by Prometheus' own rule tester. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { heldSinceAt } from '../../activities/queries.ts';
import { debianProgram } from '../support/debian.ts';

const promtool = await debianProgram('prometheus', 'promtool');
const rule = { alert: 'PlatformUnavailable', expr: 'up == 0', for: '2m' };
/** Bad from 165 s on, so that it fires at 285 s; well from 765 s to 1065 s, and bad again. Another has been bad all along. */
const series = [
  { series: 'up{instance="api"}', values: '1x10 0x39 1x20 0x40' },
  { series: 'up{instance="staging"}', values: '0x110' },
];
const asked = (eval_time: string, alert: string, value?: number) => ({
  expr: heldSinceAt(alert, 285_000),
  eval_time,
  exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
});
const tests = {
  rule_files: ['rules.yaml'],
  evaluation_interval: '15s',
  tests: [
    {
      interval: '15s',
      input_series: series,
      promql_expr_test: [
        asked('5m', rule.alert, 165),
        // It has resolved and fired again meanwhile.
        asked('25m', rule.alert, 165),
        asked('25m', 'Another'),
      ],
    },
  ],
};

test('is the first bad sample of the instance that fired, also once it has fired again', {
  skip: promtool === undefined && 'promtool',
}, async t => {
  const cwd = await mkdtemp(join(tmpdir(), 'held-since-'));
  t.after(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'rules.yaml'), stringify({ groups: [{ name: 'g', interval: '15s', rules: [rule] }] }));
  await writeFile(join(cwd, 'tests.yaml'), stringify(tests));
  const { stdout } = await promisify(execFile)(promtool ?? '', ['test', 'rules', 'tests.yaml'], { cwd });
  assert.match(stdout, /SUCCESS/);
});
