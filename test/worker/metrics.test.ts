import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { connectAll } from '../../activities/connectors/index.ts';
import { clock } from '../../worker/clock.ts';
import { metricsText, serveMetrics } from '../../worker/metrics.ts';
import { counters, durations } from '../../workflows/kit/record/figures.ts';
import { dynexDown } from '../client/intake/bodies.ts';
import { intake } from '../client/intake/edge.ts';
import { nqba } from '../support/nqba.ts';

test('a scrape that fails is answered 500 and said, and the next is served', async () => {
  const said: string[] = [];
  const answers = [() => Promise.reject(new Error('half a record')), async () => 'some_metric 1\n'];
  const metrics = () => (answers.shift() ?? assert.fail())();
  const server = createServer((_, answer) => void serveMetrics(metrics, answer, line => said.push(line)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const scrape = () => fetch(`http://127.0.0.1:${address.port}/metrics`);
  assert.equal((await scrape()).status, 500);
  assert.deepEqual(said, ['The metrics could not be read: Error: half a record']);
  assert.equal(await (await scrape()).text(), 'some_metric 1\n');
  server.closeAllConnections();
  server.close();
});

test('a hold whose ConfigMap is missing is told as missing, never as a number of holds', async () => {
  const kubernetes = { fetch: async () => Response.json({ kind: 'Status', code: 404, message: 'not found' }, { status: 404 }) };
  const systems = connectAll({ artifacts: { folder: 'never written' }, kubernetes }, clock);
  const text = await metricsText({ systems, platform: await nqba() });
  assert.deepEqual(text.match(/^nqba_runbooks_(hold|released)\w+ .*$/gm), [
    'nqba_runbooks_released_seconds 0',
    'nqba_runbooks_hold_missing 1',
  ]);
});

test('each metric of ours that a rule or a page names is served', async () => {
  const kubernetes = { fetch: async () => Response.json({ kind: 'Status', code: 404, message: 'not found' }, { status: 404 }) };
  const systems = connectAll({ artifacts: { folder: 'never written' }, kubernetes }, clock);
  const { metrics, results } = intake();
  await results({ ...dynexDown, labels: { alertname: 'Watchdog', severity: 'none' } });
  const scraped = [await (await metrics.request('/metrics')).text(), await metricsText({ systems, platform: await nqba() })].join(
    '\n',
  );
  const served = new Set([
    ...[...scraped.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name),
    ...Object.keys(counters).map(name => `${name}_total`),
    ...Object.keys(durations),
  ]);
  for (const file of ['deploy/prometheus/rules/nqba-runbooks.yaml', 'docs/running-on-your-own.md']) {
    const named = new Set(readFileSync(file, 'utf8').match(/\bnqba_runbooks_\w+/g));
    assert.ok(named.size > 0, file);
    assert.deepEqual(
      [...named].filter(name => !served.has(name)),
      [],
      file,
    );
  }
});
