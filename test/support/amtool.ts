/** A real Alertmanager that tells no one, and `amtool`, its own client. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { installed } from '../../lab/peers/installed.ts';
import { startAlertmanager } from './alertmanager.ts';

const run = promisify(execFile);
const amtool = installed('prometheus-alertmanager') && installed('amtool');

/** `not run: …` where it cannot be had. */
export const notRun = amtool ? false : 'not run: prometheus-alertmanager is not installed';

const silence = z.looseObject({ id: z.string(), createdBy: z.string(), comment: z.string(), endsAt: z.string() });
const alert = z.looseObject({ labels: z.looseObject({ alertname: z.string() }) });

export type RealAlertmanager = Awaited<ReturnType<typeof startWithClient>>;

export async function startWithClient() {
  const { url, stop } = await startAlertmanager();
  const asked = async (...args: string[]) =>
    (await run(amtool ?? '', [`--alertmanager.url=${url}`, ...args], { encoding: 'utf8' })).stdout;
  return {
    url,
    stop,
    amtool: asked,
    /** A line that a person pastes, whose `amtool` knows this Alertmanager. */
    paste: async (line: string) => {
      const known = `amtool() { '${amtool ?? ''}' --alertmanager.url=${url} "$@"; }`;
      await run('bash', ['-c', `${known}\n${line}`]);
    },
    /** By `amtool silence query`: those that are not over. */
    silences: async () => z.array(silence).parse(JSON.parse(await asked('-o', 'json', 'silence', 'query'))),
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
  };
}
