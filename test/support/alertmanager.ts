/** A real Alertmanager that tells no one, and its own client. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { startProcess } from '../../lab/process.ts';
import { freePort } from '../client/temporal-server.ts';
import { debianProgram } from './debian.ts';

const run = promisify(execFile);
const programs = ['prometheus-alertmanager', 'amtool'].map(program => debianProgram('prometheus-alertmanager', program));
const [server, amtool] = await Promise.all(programs);

/** `not run: …` where it cannot be had. */
export const notRun = server && amtool ? false : 'not run: prometheus-alertmanager is not installed';

const silence = z.looseObject({
  id: z.string(),
  createdBy: z.string(),
  comment: z.string(),
  endsAt: z.string(),
  status: z.looseObject({ state: z.string() }),
  matchers: z.array(z.looseObject({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean() })),
});
const alert = z.looseObject({ labels: z.looseObject({ alertname: z.string() }), status: z.looseObject({ state: z.string() }) });

export type RealAlertmanager = Awaited<ReturnType<typeof startAlertmanager>>;

export async function startAlertmanager() {
  const [dir, port] = [mkdtempSync(join(tmpdir(), 'nqba-alertmanager-')), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(dir, 'config.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  const running = await startProcess({
    name: 'Alertmanager',
    command: server ?? '',
    args: [
      `--config.file=${join(dir, 'config.yml')}`,
      `--storage.path=${dir}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    log: join(dir, 'log'),
    ports: [port],
    ready: async () => void (await fetch(`${url}/-/ready`)),
  });
  const asked = async (...args: string[]) =>
    (await run(amtool ?? '', [`--alertmanager.url=${url}`, ...args], { encoding: 'utf8' })).stdout;
  return {
    url,
    /** By `amtool silence query`: those that are not over. */
    silences: async () => z.array(silence).parse(JSON.parse(await asked('-o', 'json', 'silence', 'query'))),
    /** Those that are over. */
    expired: async () => z.array(silence).parse(JSON.parse(await asked('-o', 'json', 'silence', 'query', '--expired'))),
    amtool: asked,
    /** By `amtool alert query`: the names of those that are not suppressed. */
    loud: async () => {
      const all = z.array(alert).parse(JSON.parse(await asked('-o', 'json', 'alert', 'query', '--active')));
      return all.map(({ labels }) => labels.alertname).toSorted((a, b) => a.localeCompare(b));
    },
    fires: async (...alerts: Record<string, string>[]) => {
      const body = JSON.stringify(alerts.map(labels => ({ labels })));
      const answer = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    stop: async () => {
      await running.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
