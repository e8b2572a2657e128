/** A platform called otherwise in every name, beside NQBA's on one cluster; its worker has a cluster and Prometheus, nothing else. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { parsePlatform } from '../../activities/platform.ts';
import { Temporal } from '../../client/temporal.ts';
import { binary } from '../../lab/binaries.ts';
import { inOrder, type Keep } from '../../lab/in-order.ts';
import { writes } from '../../lab/kubernetes/audit.ts';
import type { Environment } from '../../lab/practice/environment.ts';
import { portsOf, startIntake, startWorker } from '../../lab/practice/servers.ts';
import { type Settings, settingsOf } from '../../lab/practice/settings.ts';
import { serveStandIns } from '../../lab/stand-ins/serve.ts';
import { startTemporal } from '../../lab/temporal/dev-server.ts';
import { practiceCluster } from '../support/cluster.ts';
import { nqba } from '../support/nqba.ts';
import { apps, besides, createAll, namespace, type Rename, renamed } from '../support/other-names.ts';

export const cluster = 'acme-east';
/** The setting has other keys too, which pods read in another way. */
const otherKeys: Rename[] = [
  [/envFrom: \[.*\]\n/g, 'tty: false\n'],
  [/^( +)env:$/gm, switchesAsEnv('$1')],
  [/QUANTUM_BACKEND: /g, 'solver.backend: '],
  [/FEATURE_QUANTUM_ENABLED: /g, 'solver.quantum: '],
];

/** Each key by a reference of its own: another way to read a ConfigMap than NQBA's, and other keys. */
function switchesAsEnv(indent: string) {
  const one = (name: string, key: string) =>
    `${indent}  - { name: ${name}, valueFrom: { configMapKeyRef: { name: switches, key: ${key} } } }`;
  return [`${indent}env:`, one('QUANTUM_BACKEND', 'solver.backend'), one('FEATURE_QUANTUM_ENABLED', 'solver.quantum')].join('\n');
}

const folders = ['lab/kubernetes/platform', 'deploy/kubernetes'];
/** One a cluster, and there already. */
const shared = /nodes|dry-runs-only/;

async function install(dir: string, kubeconfig: string) {
  const objects = await renamed(folders, { into: dir, first: otherKeys, without: shared });
  await createAll(
    objects.map(object => (object.metadata.name === 'brakes' && object.kind === 'ConfigMap' ? armed(object) : object)),
    kubeconfig,
  );
}

function configOf(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
}

/** Whoever took NQBA's hold for its own would change nothing. */
async function holdNqba(kubeconfig: string) {
  const hold = { name: 'nqba-runbooks', namespace: 'nqba-platform', body: { data: { hold: 'this is another platform' } } };
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await configOf(kubeconfig).makeApiClient(CoreV1Api).patchNamespacedConfigMap(hold, merge);
}

const armed = <T extends object>(hold: T) => ({ ...hold, data: { 'mode.dynex-outage': 'supervised' } });

/** NQBA's description, and not one of its names. */
async function describe(dir: string): Promise<string> {
  const { $schema: _, ...platform } = await nqba();
  const workload = (name: string, container: string) => ({
    kind: 'Deployment',
    namespace: 'platform',
    name,
    container,
    selector: { app: name },
  });
  const description = parsePlatform({
    ...platform,
    name: 'Acme',
    cluster,
    namespaces: { platform: namespace, monitoring: 'watchtower' },
    workloads: {
      api: { ...workload('front-door', 'door'), selector: { app: namespace, component: 'api' } },
      worker: { ...workload(apps.worker, 'cruncher'), hpa: apps.worker, configMap: 'quantum' },
      batch: { ...workload(apps.batch, 'cruncher'), configMap: 'quantum' },
    },
    configMaps: { quantum: { namespace: 'platform', name: 'switches' } },
    hold: { namespace: 'platform', name: 'brakes' },
    quantum: {
      ...platform.quantum,
      fallback: { 'solver.backend': 'classical', 'solver.quantum': 'false' },
      key: { ...platform.quantum.key, secret: 'vault', rotation: [] },
      recovery: { jobs: 8, canaries: 3 },
    },
    gateway: undefined,
    access: undefined,
    ipfs: undefined,
    billing: undefined,
    statusPage: { components: { quantum: { name: 'Annealing' } } },
    channels: { incidents: '#acme-fires' },
    times: { pace: 1 / 120, quietMinutes: { P0: 10, P1: 10, P2: 5, P3: 5 } },
    links: {},
  });
  const file = join(dir, 'acme.json');
  writeFileSync(file, JSON.stringify(description));
  return file;
}

export type Elsewhere = Awaited<ReturnType<typeof startElsewhere>>;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Starts everything; `stop` ends it. */
export const startElsewhere = () => inOrder(startAll);

async function startAll(keep: Keep) {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-elsewhere-'));
  await keep(Promise.resolve({ stop: async () => rmSync(dir, { recursive: true, force: true }) }));
  const settings = await settingsOf(dir);
  const kubernetes = await keep(practiceCluster());
  const { you, lab, worker } = kubernetes.kubeconfigs;
  await Promise.all([install(join(dir, 'manifests'), you), holdNqba(you)]);
  const temporalBinary = await binary('temporal', { say });
  const temporal = await keep(startTemporal({ dir, ports: portsOf(settings).temporal, binary: temporalBinary, say }));
  const standIns = await keep(serveStandIns(besides(dir, lab)));
  const { workers, senders } = await environments(dir, settings, temporal);
  await keep(startWorker(dir, settings, { ...workers, KUBECONFIG: worker, PROMETHEUS_URL: standIns.urls.prometheus }, say));
  await keep(startIntake(dir, { ...workers, ...senders }, say));
  const environment: Environment = { ...senders, STANDINS_CONTROL: standIns.urls.control };
  const client = new Temporal(workers);
  await keep(Promise.resolve({ stop: () => client.close() }));
  return {
    client,
    environment,
    /** What anybody but the practice platform itself was told. */
    messages: () => readFileSync(join(dir, 'messages.jsonl'), 'utf8'),
    /** What our worker has written, whatever it is called and wherever. */
    written: async () =>
      (await writes(kubernetes.auditLog, ['nqba-runbooks'])).map(
        ({ verb, resource, namespace, name }) => `${verb} ${resource} ${namespace}/${name}`,
      ),
    switches: async () => {
      const { data } = await configOf(you).makeApiClient(CoreV1Api).readNamespacedConfigMap({ name: 'switches', namespace });
      return data;
    },
  };
}

async function environments(dir: string, { ports, token }: Settings, temporal: { address: string; namespace: string }) {
  writeFileSync(join(dir, 'temporal.toml'), '[profile.default]\n');
  const workers: Environment = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_CONFIG_FILE: join(dir, 'temporal.toml'),
    RUNBOOKS_TASK_QUEUE: 'acme',
    RUNBOOKS_PLATFORM: await describe(dir),
    ARTIFACTS: join(dir, 'artifacts'),
  };
  const senders: Environment = {
    INTAKE_PORT: String(ports.intake),
    INTAKE_URL: `http://127.0.0.1:${ports.intake}/alertmanager`,
    INTAKE_TOKEN: token,
  };
  return { workers, senders };
}
