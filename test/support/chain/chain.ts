/** The chain in front of a practice platform: exporters, Prometheus with the shipped rules, two Alertmanagers with the README's route. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsOf } from '../../../lab/practice/settings.ts';
import { installed } from '../../../lab/peers/installed.ts';
import { readmeRoute, startAlertmanager, type Told } from '../alertmanager.ts';
import type { Platform } from '../practice.ts';
import { startExporter } from './exporter.ts';
import { prometheus, startPrometheus } from './prometheus.ts';

/** `not run: …` where one of them cannot be had. */
export const notRun =
  !(prometheus && installed('prometheus-alertmanager')) && 'not run: prometheus and prometheus-alertmanager are not installed';

export interface Chain {
  /** The labels of each sample of an instant query. */
  ask: (query: string) => Promise<Record<string, string>[]>;
  /** Bodies that each Alertmanager says it has delivered to its webhooks. */
  delivered: () => Promise<number[]>;
  /** Both Alertmanagers hear of it, as from a rule of somebody else's. */
  tell: (told: Told) => Promise<unknown>;
  stop: () => Promise<void>;
}

export async function startChain(platform: Platform): Promise<Chain> {
  const { INTAKE_PORT = '', INTAKE_TOKEN = '' } = platform.environment;
  const tokenFile = join(platform.practice.dir, 'intake-token');
  writeFileSync(tokenFile, INTAKE_TOKEN, { mode: 0o600 });
  const config = readmeRoute(INTAKE_PORT, tokenFile).replace('group_wait: 1s', 'group_wait: 1s\n      group_interval: 1s');
  const { ports } = await settingsOf(platform.practice.dir);
  const exporter = await startExporter(platform.practice.dir, platform.environment);
  const alertmanagers = await Promise.all([startAlertmanager(config), startAlertmanager(config)]);
  const watching = await startPrometheus({
    alertmanagers: alertmanagers.map(({ url }) => new URL(url).host),
    jobs: {
      'nqba-worker': exporter.host,
      'blackbox-dynex': exporter.host,
      'nqba-runbooks-worker': `127.0.0.1:${ports.worker}`,
      // The practice intake serves no metrics of its own: that it is there is shown by what it opens.
      'nqba-runbooks-intake': exporter.host,
    },
  });
  return {
    ask: watching.ask,
    delivered: () => Promise.all(alertmanagers.map(({ url }) => deliveredBy(url))),
    tell: told => Promise.all(alertmanagers.map(one => one.tell(told))),
    async stop() {
      await watching.stop();
      for (const one of [...alertmanagers, exporter]) await one.stop();
    },
  };
}

/** By its own metrics. */
async function deliveredBy(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (name: string) => Number(new RegExp(`^${name}\\{integration="webhook"[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]);
  assert.equal(of('alertmanager_notifications_failed_total'), 0);
  return of('alertmanager_notifications_total');
}
