/** The alert rules that are shipped: each fires on its series and not one evaluation earlier, and leads to its runbook. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { route, runbooks, severityOf } from '../workflows/catalog/index.ts';
import { intake } from './client/intake/edge.ts';
import { debianProgram } from './support/debian.ts';

const folder = join(import.meta.dirname, '..', 'deploy', 'prometheus', 'rules');
const texts = z.record(z.string(), z.string());
const file = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.looseObject({ alert: z.string().optional(), labels: texts.default({}), annotations: texts.default({}) })),
    }),
  ),
});
const rules = file.parse(parse(readFileSync(join(folder, 'nqba-runbooks.yaml'), 'utf8'))).groups.flatMap(group => group.rules);
const alerts = rules.flatMap(({ alert, ...rule }) => (alert ? [{ name: alert, ...rule }] : []));
const opening = alerts.filter(({ labels }) => labels['runbook'] !== undefined);
const promtool = await debianProgram('prometheus', 'promtool');

describe('the alert rules', () => {
  test('fire on their series and not one evaluation earlier', { skip: promtool === undefined && 'promtool' }, async () => {
    const { stdout } = await promisify(execFile)(promtool ?? '', ['test', 'rules', 'nqba-runbooks.test.yaml'], { cwd: folder });
    assert.match(stdout, /SUCCESS/);
  });

  test('are each tried by promtool', () => {
    const tried = readFileSync(join(folder, 'nqba-runbooks.test.yaml'), 'utf8');
    for (const { name } of alerts) assert.ok(tried.includes(`alertname: ${name}\n        exp_alerts:\n          - `), name);
  });

  test('open the runbook that they name, by the catalog too, with its severity', () => {
    assert.ok(opening.length >= 9);
    for (const { name, labels } of opening) {
      const runbook = runbooks.find(({ slug }) => slug === labels['runbook']);
      assert.ok(runbook, name);
      assert.ok(
        runbook.alerts.some(alert => alert.name === name),
        `${name} is no alert of ${runbook.slug}`,
      );
      assert.deepEqual(route({ ...labels, alertname: name }), { runbook, by: 'label runbook' });
      const { runbook: _, ...unlabelled } = labels;
      assert.deepEqual(route({ ...unlabelled, alertname: name }), { runbook, by: 'alert name' });
      assert.equal(severityOf(runbook, { ...labels, alertname: name }), labels['priority']);
      assert.equal(labels['severity'], ['P0', 'P1'].includes(labels['priority'] ?? '') ? 'critical' : 'warning');
    }
  });

  test('exist for every runbook with a workflow that an alert of ours opens', () => {
    const shipped = runbooks.filter(({ workflow, kind, alerts: own }) => workflow && kind === 'incident' && own.length > 0);
    for (const { slug } of shipped)
      assert.ok(
        opening.some(({ labels }) => labels['runbook'] === slug),
        slug,
      );
  });

  test('lead to the written page of their runbook', async () => {
    const { app } = intake();
    for (const { name, labels, annotations } of opening) {
      const page = await app.request(annotations['runbook_url'] ?? '');
      assert.equal(page.status, 200, name);
      const title = runbooks.find(({ slug }) => slug === labels['runbook'])?.title ?? '';
      assert.match(await page.text(), new RegExp(`^#+ ${title}$`, 'm'));
    }
    const unknown = await app.request('/runbooks/nope');
    assert.equal(unknown.status, 404);
  });
});
