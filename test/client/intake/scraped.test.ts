/** The shipped rules name series that exist: a real Prometheus scrapes an intake process and the worker's page, and is asked for each. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Hono } from 'hono';
import { listen } from '../../../lab/stand-ins/listen.ts';
import { metricsText } from '../../../worker/metrics.ts';
import { aPlatform, armed, connected } from '../../activities/bare.ts';
import { prometheus, startPrometheus } from '../../support/chain/prometheus.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../temporal-server.ts';

const skip = prometheus === undefined && 'not run: prometheus is not installed';
const rules = readFileSync(new URL('../../../deploy/prometheus/rules/nqba-runbooks.yaml', import.meta.url), 'utf8');
/** With their labels, as the expressions of the rules name them. */
const ours = [...new Set(rules.match(/nqba_runbooks_[a-z_]+(\{[^}]*\})?|up\{job="nqba-runbooks-\w+"\} == 1/g))];

const stops: (() => Promise<unknown> | void)[] = [];
after(async () => {
  for (const stop of stops.toReversed()) await stop();
});
let ask: Awaited<ReturnType<typeof startPrometheus>>['ask'];

before(async () => {
  if (skip) return;
  const metrics = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../client/intake/main.ts')], {
    env: {
      PATH: process.env.PATH,
      ARTIFACTS: mkdtempSync(join(tmpdir(), 'nqba-artifacts-')),
      TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
      INTAKE_TOKEN: 'hush',
      INTAKE_PORT: `${await freePort()}`,
      INTAKE_METRICS_PORT: `${metrics}`,
    },
    stdio: 'ignore',
  });
  stops.push(() => void child.kill('SIGKILL'));
  const systems = connected({ kubernetes: { fetch: armed } });
  const app = new Hono().get('/metrics', async c => c.text(await metricsText({ systems, platform: aPlatform })));
  const worker = await listen('The worker', app, 0);
  stops.push(worker.close);
  const running = await startPrometheus({
    alertmanagers: [],
    jobs: { 'nqba-runbooks-worker': new URL(worker.url).host, 'nqba-runbooks-intake': `127.0.0.1:${metrics}` },
  });
  stops.push(running.stop);
  ({ ask } = running);
});

test('each series of ours that a rule names exists in Prometheus, with the labels that the rule selects', { skip }, async () => {
  assert.ok(ours.length >= 10, ours.join('\n'));
  await eventually(async () => {
    const found = await Promise.all(ours.map(async series => (await ask(series)).length > 0));
    assert.deepEqual(
      ours.filter((_, index) => !found[index]),
      [],
    );
  });
});
