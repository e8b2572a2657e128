/** A cluster of somebody else as they have it before they know us: names of their own, Temporal, Prometheus and Alertmanager, nothing of ours. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from '../../lab/binaries.ts';
import { setSystem } from '../../lab/guide/outage.ts';
import { writesSince } from '../../lab/guide/proof.ts';
import { inOrder, type Keep } from '../../lab/in-order.ts';
import { startControlPlane } from '../../lab/kubernetes/control-plane.ts';
import { portsOf } from '../../lab/practice/servers.ts';
import { settingsOf } from '../../lab/practice/settings.ts';
import { serveStandIns } from '../../lab/stand-ins/serve.ts';
import { startTemporal } from '../../lab/temporal/dev-server.ts';
import { startAlertmanager } from './alertmanager.ts';
import { startExporter } from './chain/exporter.ts';
import { startPrometheus } from './chain/prometheus.ts';
import { besides, createAll, namespace, renamed } from './other-names.ts';

const cluster = 'acme-east';
/** As the page calls it. */
const context = 'staging';

/** One of their alerts names our runbook, one is none of ours. */
const rules = `
groups:
  - name: acme
    interval: 1s
    rules:
      - alert: AnnealerUnreachable
        expr: probe_success{job="blackbox-annealer"} == 0
        labels: { severity: critical, runbook: dynex-outage }
        annotations: { summary: The annealer answers no probe }
      - alert: CrunchersBusy
        expr: count(acme_crunched_total) > 0
        labels: { severity: warning }
`;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Starts everything; `stop` ends it. @param alertmanager its configuration */
export const startOtherCluster = (alertmanager: string) => inOrder(keep => startAll(alertmanager, keep));
export type OtherCluster = Awaited<ReturnType<typeof startOtherCluster>>;

async function startAll(alertmanagerConfig: string, keep: Keep) {
  const dir = mkdtempSync(join(tmpdir(), 'other-cluster-'));
  await keep(Promise.resolve({ stop: async () => rmSync(dir, { recursive: true, force: true }) }));
  const { temporal: temporalPorts, cluster: ports } = portsOf(await settingsOf(dir));
  const { kubeconfigs, auditLog } = await keep(startControlPlane({ dir: join(dir, 'kubernetes'), ports, say }));
  // Nothing is called NQBA there, and no one has rights for us.
  await createAll(
    await renamed(['lab/kubernetes/platform'], { into: join(dir, 'manifests'), without: /people/ }),
    kubeconfigs.you,
  );
  const [temporal, standIns, alertmanager] = await Promise.all([
    keep(startTemporal({ dir: join(dir, 'temporal'), ports: temporalPorts, binary: await binary('temporal', { say }), say })),
    keep(serveStandIns(besides(dir, kubeconfigs.lab))),
    keep(startAlertmanager(alertmanagerConfig)),
  ]);
  await setSystem({ STANDINS_CONTROL: standIns.urls.control }, 'dynex', 'down');
  const exporter = await keep(startExporter(dir, { DYNEX_API_URL: standIns.urls.dynex }, 'acme_crunched_total'));
  const jobs = { crunchers: exporter.host, 'blackbox-annealer': exporter.host };
  const prometheus = await keep(startPrometheus({ alertmanagers: [new URL(alertmanager.url).host], jobs, cluster, rules }));
  return {
    environment: {
      KUBECONFIG: kubeconfigOf(dir, kubeconfigs.you),
      TEMPORAL_NAMESPACE: temporal.namespace,
    },
    urls: { alertmanager: alertmanager.url, prometheus: prometheus.url, temporal: temporal.address },
    /** Names of the alerts that fire. */
    firing: async () => (await prometheus.ask('ALERTS{alertstate="firing"}')).map(({ alertname }) => alertname),
    /** Everybody's but the practice platform's own. */
    writes: (since: Date) => writesSince(auditLog, since, ['you', 'nqba-runbooks', 'bob']),
  };
}

/** The same access, under a context and a cluster of their own names. */
function kubeconfigOf(dir: string, ours: string): string {
  const file = join(dir, 'kubeconfig');
  const text = readFileSync(ours, 'utf8')
    .replaceAll('nqba-production', cluster)
    .replaceAll('nqba-practice', context)
    .replaceAll('nqba-platform', namespace);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
