/** A real Prometheus that evaluates the shipped rules, as fast as the practice platform's time runs. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { startProcess } from '../../../lab/process.ts';
import { freePort } from '../../client/temporal-server.ts';
import { debianProgram } from '../debian.ts';

const shipped = new URL('../../../deploy/prometheus/rules/nqba-runbooks.yaml', import.meta.url);
export const prometheus = await debianProgram('prometheus', 'prometheus');

const rule = z.looseObject({
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
});
const file = z.object({ groups: z.tuple([z.looseObject({ rules: z.array(rule) })]) });

/** What is silent while a mitigation of ours is in effect. */
const silenced = 'QuantumFallbackRateHigh';
/** The same rule without the clause that silences it: it shows that there was something to silence. */
export const loud = 'FallbackRateHighWithoutTheClause';

function pacedRules(): string {
  const { groups } = file.parse(parse(readFileSync(shipped, 'utf8')));
  const [group] = groups;
  const rules = group.rules.map(paced);
  const withClause = rules.filter(({ alert }) => alert === silenced);
  const without = withClause.map(one => ({
    ...one,
    alert: loud,
    expr: one.expr.replace(/\s+unless on \(\)[^]*$/, ''),
    labels: { severity: 'none' },
  }));
  return stringify({ groups: [{ ...group, interval: '1s', rules: [...rules, ...without] }] });
}

/** A minute of a rule about the platform is a second: the least in which its pods run enough jobs. Worker and intake live in real time. */
const paced = (one: z.output<typeof rule>) =>
  one.labels.service === 'runbooks' ? one : { ...one, expr: inSeconds(one.expr), ...(one.for && { for: inSeconds(one.for) }) };

const inSeconds = (text: string) => text.replace(/(^|\[)(\d+)m/g, '$1$2s');

export interface Watched {
  /** `host:port` of each Alertmanager. */
  alertmanagers: string[];
  /** `host:port` by the name of the job; the path of `blackbox-dynex` is `/probe`. */
  jobs: Record<string, string>;
  /** As its alerts and series call the cluster. */
  cluster?: string;
  /** Rules of its own, as YAML; without them the shipped ones. */
  rules?: string;
}

export async function startPrometheus({ alertmanagers, jobs, cluster = 'nqba-production', rules = pacedRules() }: Watched) {
  const [dir, port] = [mkdtempSync(join(tmpdir(), 'nqba-prometheus-')), await freePort()];
  writeFileSync(join(dir, 'rules.yml'), rules);
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', external_labels: { cluster } },
    rule_files: [join(dir, 'rules.yml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    scrape_configs: Object.entries(jobs).map(([name, target]) => ({
      job_name: name,
      metrics_path: name.startsWith('blackbox-') ? '/probe' : '/metrics',
      static_configs: [{ targets: [target], labels: name.startsWith('blackbox-') ? { service: 'dynex' } : {} }],
    })),
  };
  writeFileSync(join(dir, 'prometheus.yml'), stringify(config));
  const url = `http://127.0.0.1:${port}`;
  const running = await startProcess({
    name: 'Prometheus',
    command: prometheus ?? '',
    args: [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    log: join(dir, 'log'),
    ports: [port],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return { url, stop: () => running.stop(), ask: (query: string) => ask(url, query) };
}

const answer = z.object({ data: z.object({ result: z.array(z.looseObject({ metric: z.record(z.string(), z.string()) })) }) });

/** The labels of each sample of an instant query. */
async function ask(url: string, query: string): Promise<Record<string, string>[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  return answer.parse(await response.json()).data.result.map(({ metric }) => metric);
}
