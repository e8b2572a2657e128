/** A thousand alerts in a real Alertmanager while Temporal is down for two minutes: its repetition is the queue. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installed } from '../../../lab/peers/installed.ts';
import { readmeRoute, startAlertmanager } from '../../support/alertmanager.ts';
import { eventually } from '../../support/eventually.ts';
import type { Row } from '../row.ts';
import { cluster, type Stage, token } from './stage.ts';
import { told } from './histories.ts';

const groups = 10;
const inAGroup = 100;
/** Milliseconds. */
const down = 120_000;
const within = 900_000;

export async function withoutTemporal(stage: Stage, say: (line: string) => void): Promise<Row[]> {
  if (!installed('prometheus-alertmanager')) {
    say('not run: prometheus-alertmanager is not installed');
    return [];
  }
  const tokenFile = join(stage.dir, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const alertmanager = await startAlertmanager(readmeRoute(new URL(stage.url).port, tokenFile));
  try {
    await stage.temporal.kill();
    const pods = await fire(alertmanager.url);
    await pause(down);
    await stage.temporal.comeBack();
    const lost = await missing(stage, pods).catch((error: unknown) => {
      if (error instanceof assert.AssertionError && typeof error.actual === 'number') return error.actual;
      throw error;
    });
    return [{ what: '1,000 alerts while Temporal was down: lost', value: lost, goal: 0, unit: 'things', promise: true }];
  } finally {
    await alertmanager.stop();
  }
}

/** The label `pod` of each. */
async function fire(url: string): Promise<string[]> {
  const alerts = Array.from({ length: groups * inAGroup }, (_, index) => ({
    labels: { alertname: 'DynexHealthCheckFailed', cluster, namespace: `n${index % groups}`, pod: `down-${index}` },
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
  }));
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  assert.ok(answer.ok, await answer.text());
  return alerts.map(({ labels }) => labels.pod);
}

/** Alertmanager tries a group again until it is due once more: five minutes, unless its route says otherwise. */
const missing = ({ temporal: { client } }: Stage, pods: string[]): Promise<number> =>
  eventually(
    async () => {
      const held = new Set((await told(client)).map(({ labels }) => labels.pod));
      const lost = pods.filter(pod => !held.has(pod)).length;
      assert.equal(lost, 0);
      return lost;
    },
    { within, every: 5_000 },
  );
