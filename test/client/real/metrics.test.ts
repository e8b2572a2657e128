/** The figures of an incident as Prometheus scrapes them, from a real Temporal and the SDK's own exporter. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Counters } from '../../../client/intake/counters.ts';
import { createMetrics } from '../../../client/intake/metrics.ts';
import type { Listed } from '../../../client/incident.ts';
import { reported } from '../../../client/reported.ts';
import { type Exporter, exporter } from '../../../worker/exporter.ts';
import { isWritten, runbooks } from '../../../workflows/catalog/index.ts';
import { anAlert, aFoundStart } from '../../support/building.ts';
import { eventually } from '../../support/eventually.ts';
import { nqba } from '../../support/nqba.ts';
import { startWorker } from '../scripted-worker.ts';
import { startTemporal } from '../temporal-server.ts';

let server: Awaited<ReturnType<typeof startTemporal>>;
let exported: Exporter;
let stopWorker: () => Promise<void>;
let incident: Listed;

const alert = anAlert({
  startsAt: new Date(Date.now() - 400_000).toISOString(),
  labels: { cluster: 'one' },
  source: 'alertmanager',
});
const start = { ...aFoundStart(alert), platform: { ...aFoundStart().platform, pace: 1 / 2000 } };
const dynexOutage = runbooks.filter(isWritten).find(({ slug }) => slug === 'dynex-outage') ?? assert.fail();

before(async () => {
  [server, exported] = await Promise.all([startTemporal(), exporter()]);
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS, {}, exported);
  const { workflowId } = await server.temporal.openOrJoin(dynexOutage, start);
  await server.temporal.openOrJoin(dynexOutage, start);
  incident = await server.temporal.again({ workflowId });
});
after(async () => {
  await stopWorker();
  await server.stop();
});

const samplesOf = (text: string) => text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
/** Labels of ours alone: those of the SDK say where it ran. */
const ours = async (family: string) =>
  samplesOf(await exported.text())
    .filter(line => line.startsWith(`nqba_runbooks_${family}`))
    .map(line => line.replace(/(namespace|service_name|taskQueue|workflowType)="[^"]*",?/g, '').replace(',}', '}'));

const scrape = async () => {
  const around = {
    counters: new Counters(),
    temporal: server.temporal,
    platform: await nqba(),
    now: Date.now,
    say: (line: string) => assert.fail(line),
  };
  return (await createMetrics(around).request('/metrics')).text();
};

describe('an incident', () => {
  test('that is open is counted by runbook, severity and state, and who is waited for', async () => {
    await server.temporal.signal(incident, 'acknowledge', { by: 'ann' });
    await eventually(async () => {
      const text = await scrape();
      assert.match(
        text,
        /^nqba_runbooks_open_incidents\{runbook="dynex-outage",severity="P1",state="(acknowledged|mitigated)"\} 1$/m,
      );
      assert.match(text, /^nqba_runbooks_waiting_decisions\{role="\w+"\} [1-9]$/m);
    });
    assert.deepEqual(await ours('absorbed_alerts_total'), ['nqba_runbooks_absorbed_alerts_total{runbook="dynex-outage"} 1']);
    assert.deepEqual(await ours('incidents_total'), []);
  });

  test('that has closed is counted once, with its outcome and its times in seconds', async () => {
    await server.temporal.signal(incident, 'cancel', { by: 'ann', reason: 'a drill', falseAlarm: true });
    await server.temporal.resolve(dynexOutage, { ...alert, status: 'resolved', endsAt: new Date().toISOString() });
    await eventually(async () => {
      const { report } = await reported(server.temporal, await server.temporal.again(incident));
      for (const { id, choices } of report?.questions.filter(({ title, answer }) => title === 'Undo or leave?' && !answer) ?? [])
        await server.temporal.signal(incident, 'decide', { question: id, choice: choices[1] ?? '', by: 'ann' });
      assert.equal(report?.state, 'closed');
    });
    assert.deepEqual(await ours('incidents_total'), [
      'nqba_runbooks_incidents_total{outcome="false alarm",runbook="dynex-outage",severity="P1"} 1',
    ]);
    const acknowledged = await ours('time_to_acknowledge_seconds');
    const bucket = (le: number) =>
      acknowledged
        .find(line => line.includes(`le="${le}"`))
        ?.split(' ')
        .at(-1);
    assert.deepEqual([bucket(300), bucket(600)], ['0', '1'], acknowledged.join('\n'));
    assert.deepEqual(await ours('time_to_resolve_seconds_count'), [], 'recovery was not measured');
  });

  test('is beside the metrics of the SDK itself', async () => {
    assert.match(await exported.text(), /^temporal_workflow_completed_total\{/m);
  });
});
