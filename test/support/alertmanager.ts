/** A real Alertmanager in a folder of its own. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../../lab/peers/installed.ts';
import { startProcess } from '../../lab/process.ts';
import { freePort } from '../client/temporal-server.ts';

/** @param config its `alertmanager.yml`; without it no one receives anything */
export async function startAlertmanager(config = 'route: { receiver: none }\nreceivers: [{ name: none }]\n') {
  const command = installed('prometheus-alertmanager') ?? assert.fail('apt-get install prometheus-alertmanager');
  const [dir, port] = [mkdtempSync(join(tmpdir(), 'nqba-alertmanager-')), await freePort()];
  writeFileSync(join(dir, 'alertmanager.yml'), config);
  const url = `http://127.0.0.1:${port}`;
  const running = await startProcess({
    name: 'Alertmanager',
    command,
    args: [
      `--config.file=${join(dir, 'alertmanager.yml')}`,
      `--storage.path=${dir}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    log: join(dir, 'log'),
    ports: [port],
    ready: async () => void (await fetch(`${url}/-/ready`)),
  });
  return {
    url,
    stop: () => running.stop(),
    tell: (told: Told) => tell(url, told),
    fires: (...names: string[]) => tell(url, { alerts: names.map(alertname => ({ alertname })) }),
  };
}
export type Alertmanager = Awaited<ReturnType<typeof startAlertmanager>>;

const anHour = 3_600_000;

const route = /```yaml\n(route:[^]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';

/** The README's route, at an intake of ours. */
export const readmeRoute = (intakePort: number | string, tokenFile: string) =>
  route
    .replace('http://intake.example.com:8080', `http://127.0.0.1:${intakePort}`)
    .replace('/etc/alertmanager/secrets/nqba-runbooks', tokenFile);

export interface Told {
  /** The labels of each, beside the severity. */
  alerts: Record<string, string>[];
  /** They are over. */
  ended?: boolean;
}

const tell = (url: string, { alerts, ended = false }: Told) =>
  fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      alerts.map(labels => ({
        labels: { ...labels, severity: 'critical' },
        endsAt: new Date(Date.now() + (ended ? 0 : anHour)).toISOString(),
      })),
    ),
  });
