import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { outputs } from '../../../client/cli/outputs.ts';
import { runbooks } from '../command-line.ts';
import { dynexDown, grafanaGroup, group, ofGrafana } from '../intake/bodies.ts';

const run = runbooks({ RUNBOOKS_PLATFORM: join(import.meta.dirname, '../../../platform.json') });

function fileOf(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'nqba-route-')), 'payload.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const routed = async (body: unknown) => {
  const { code, stdout, stderr } = await run('route', '--file', fileOf(body), '-o', 'json');
  assert.equal(code, 0, stderr);
  return outputs.route.parse(JSON.parse(stdout));
};

describe('route', () => {
  test('shows of each alert the runbook, the rule that decided, or why not', async () => {
    const { runbook: _, ...labels } = dynexDown.labels;
    const body = group(
      dynexDown,
      { ...dynexDown, labels, status: 'resolved' },
      { ...dynexDown, labels: { alertname: 'Ghost' } },
      { ...dynexDown, labels: { ...labels, cluster: 'nqba-staging' } },
      { ...dynexDown, status: 'on' },
      7,
    );
    const { alerts, truncatedAlerts } = await routed({ ...body, truncatedAlerts: 2 });
    assert.equal(truncatedAlerts, 2);
    assert.deepEqual(
      alerts.map(({ alert, result, runbook, rule }) => [alert, result, runbook, rule]),
      [
        ['DynexHealthCheckFailed', 'would open or join', 'dynex-outage', 'label runbook'],
        ['DynexHealthCheckFailed', 'would tell an open incident', 'dynex-outage', 'alert name'],
        ['Ghost', 'ignored', undefined, undefined],
        ['DynexHealthCheckFailed', 'ignored: other cluster', undefined, undefined],
        ['DynexHealthCheckFailed', 'quarantined', 'dynex-outage', 'label runbook'],
        [undefined, 'quarantined', undefined, undefined],
      ],
    );
    assert.equal(alerts[2]?.reason, 'the catalog has no runbook for "Ghost"');
  });

  test('takes the bodies of Grafana and of other monitors', async () => {
    const blind = { ...ofGrafana, labels: { ...ofGrafana.labels, alertname: 'DatasourceError' } };
    const { alerts } = await routed(grafanaGroup(ofGrafana, blind));
    assert.deepEqual(
      alerts.map(({ result }) => result),
      ['would open or join', 'follow-up: detection is blind'],
    );
    const small = await routed({ name: 'PodNotReady', status: 'firing', labels: { pod: 'nqba-api-1', job: 'nqba-worker' } });
    assert.equal(small.alerts[0]?.runbook, 'p0-critical-incident-response');
  });

  test('prints a line for each alert, and refuses what is no body', async () => {
    const { stdout } = await run('route', '--file', fileOf(group(dynexDown)));
    assert.equal(stdout, 'DynexHealthCheckFailed (firing): would open or join dynex-outage: its label runbook names it\n');
    for (const [content, says] of [
      ['{', /cannot be read as JSON/],
      [[], /is no body of Alertmanager, Grafana or POST \/alerts/],
    ] as const) {
      const { code, stderr } = await run('route', '--file', fileOf(content));
      assert.equal(code, 2);
      assert.match(stderr, says);
    }
  });
});
