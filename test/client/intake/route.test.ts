/** The route that the README gives Alertmanager, asked by `amtool`: what reaches us, and what still reaches whoever is on call. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { installed } from '../../../lab/peers/installed.ts';

const amtool = installed('amtool');
const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const section = readme.split("### Send it Alertmanager's alerts\n")[1]?.split(/^#/m)[0] ?? '';
const [, yaml = ''] = section.match(/^```yaml\n([^]*?)^```$/m) ?? [];

describe('the route of the README', { skip: amtool ? false : 'not run: amtool is not installed' }, () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nqba-route-')), 'alertmanager.yml');
  writeFileSync(file, yaml);
  const receivers = (...labels: string[]) => {
    const asked = ['config', 'routes', 'test', `--config.file=${file}`, ...labels];
    return execFileSync(amtool ?? '', asked, { encoding: 'utf8' })
      .trim()
      .split(',');
  };

  test('is one that Alertmanager takes', () => {
    assert.match(execFileSync(amtool ?? '', ['check-config', file], { encoding: 'utf8' }), /SUCCESS/);
  });

  test('sends an alert of ours to us and to whoever is on call', () => {
    assert.deepEqual(receivers('alertname=DynexHealthCheckFailed', 'severity=critical'), ['nqba-runbooks', 'on-call']);
  });

  test('keeps Watchdog for whoever is on call too', () => {
    assert.deepEqual([...new Set(receivers('alertname=Watchdog'))], ['nqba-runbooks', 'on-call']);
  });
});
