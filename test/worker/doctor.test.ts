import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { writeThatHere } from '../../activities/sharing.ts';
import { parsePlatform } from '../../activities/platform.ts';
import { dynex } from '../../lab/stand-ins/dynex.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { pagerduty } from '../../lab/stand-ins/pagerduty.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { slack } from '../../lab/stand-ins/slack.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { statuspage } from '../../lab/stand-ins/statuspage.ts';
import type { State, System } from '../../lab/world/systems.ts';
import type { Config } from '../../worker/config.ts';
import { examine } from '../../worker/doctor/examination.ts';
import platformJson from '../../platform.json' with { type: 'json' };
import { at, type Kubectl, kubectl } from '../activities/stage.ts';
import { type Cluster, practiceCluster, writes } from '../support/cluster.ts';

const { $schema: _, ...described } = platformJson;
const clock = {
  now: Date.now,
  sleep: async (ms: number, signal?: AbortSignal) => {
    await pause(ms, undefined, { ...(signal && { signal }) });
  },
};
const folder = mkdtempSync(join(tmpdir(), 'nqba-doctor-'));

let cluster: Cluster;
let you: Kubectl;
const states = new Map<System, State>();

before(async () => {
  cluster = await practiceCluster();
  you = kubectl(cluster.kubeconfigs.you, 'you');
});
after(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const around = (system: System) =>
  surroundings({ state: () => states.get(system) ?? 'healthy', record: message => assert.fail(`sent: ${message.text}`) });
const noPods = () => ({ pods: [], systems: [] });

/** As the worker is configured, but where a test says otherwise. */
const configured = (change: Partial<Config> = {}): Config => ({
  taskQueue: 'test',
  healthPort: 0,
  platform: parsePlatform(described),
  rolesFile: 'roles.json',
  connections: {
    artifacts: { folder: join(folder, 'artifacts') },
    kubernetes: { kubeconfig: cluster.kubeconfigs.worker },
    prometheus: { url: 'http://prometheus', fetch: prometheus(around('prometheus'), noPods).fetch },
    dynex: { url: 'http://dynex', statusUrl: 'http://dynex/status/api/v2/summary.json', fetch: dynex(around('dynex')).fetch },
    api: { url: 'http://api', fetch: nqbaApi(around('api'), noPods).fetch },
    slack: { url: 'http://slack/api/', token: 'xoxb-test', fetch: slack(around('slack')).fetch },
    pagerduty: {
      url: 'http://pagerduty',
      routingKeys: () => '0123456789abcdef0123456789abcdef',
      fetch: pagerduty(around('pagerduty')).fetch,
    },
    statuspage: { url: 'http://statuspage/v1', key: 'key', page: 'nqba', fetch: statuspage(around('statuspage')).fetch },
  },
  ...change,
});

const faultsOf = async (config: Config) => (await examine(config, clock)).filter(({ ok }) => !ok);

describe('the doctor', () => {
  test('finds in a platform as described only what is wrong with it, writes nothing, and tells nobody', async () => {
    const faults = await faultsOf(configured());
    assert.deepEqual(
      faults.map(({ check }) => check),
      ['nqba-worker-batch reads ConfigMap nqba-platform/nqba-config', 'Prometheus'],
    );
    assert.match(faults[0]?.fix ?? '', /envFrom configMapRef nqba-config/);
    assert.match(faults[1]?.text ?? '', /has nothing for sum by \(pod\)/);
    assert.equal(existsSync(join(folder, 'artifacts')), false);
    assert.deepEqual(await writes(cluster.auditLog, ['nqba-runbooks']), []);
  });

  test('names, for each name that is not there, the field that is to be corrected', async () => {
    const { workloads, configMaps, quantum, statusPage, channels } = described;
    const platform = parsePlatform({
      ...described,
      namespaces: { ...described.namespaces, monitoring: 'nowhere' },
      workloads: {
        api: { ...workloads.api, name: 'api-of-others' },
        worker: { ...workloads.worker, container: 'wrk', hpa: 'nqba-api' },
        batch: { ...workloads.batch, selector: { component: 'worker' } },
      },
      configMaps: { ...configMaps, quantum: { ...configMaps.quantum, name: 'config' } },
      hold: { ...described.hold, name: 'hold' },
      quantum: { ...quantum, key: { ...quantum.key, key: 'dynex-key' } },
      statusPage: { components: { quantum: { ...statusPage.components.quantum, name: 'Quanta' } } },
      channels: { ...channels, incidents: '#nowhere' },
    });
    const kubeconfig = cluster.kubeconfigs.you;
    const { connections } = configured();
    const faults = await faultsOf(configured({ platform, connections: { ...connections, kubernetes: { kubeconfig } } }));
    const fixes = faults.map(({ check, text, fix }) => `${check}: ${text} ${fix}`).join('\n');
    for (const wanted of [
      'Namespace nowhere: does not exist. Correct namespaces.monitoring',
      'Deployment nqba-platform/api-of-others: does not exist. Correct workloads.api.name',
      'Deployment nqba-platform/nqba-worker: has no container wrk. Correct workloads.worker.container in the platform description: worker.',
      'HorizontalPodAutoscaler nqba-platform/nqba-api: scales Deployment nqba-api, not nqba-worker. Correct workloads.worker.hpa',
      'Deployment nqba-platform/nqba-worker-batch: component=worker also selects pods of others: nqba-worker-',
      'nqba-worker reads ConfigMap nqba-platform/config: no',
      'ConfigMap nqba-platform/config: does not exist. Correct configMaps.quantum.name',
      'Hold ConfigMap nqba-platform/hold: does not exist, so everything is held. Create it: kubectl -n nqba-platform create configmap hold',
      'Secret nqba-platform/nqba-secrets key dynex-key: does not exist.',
      'The status page: has no component Quanta.',
      'Slack: answered 404: channel_not_found. Correct the name in the platform description',
    ])
      assert.ok(fixes.includes(wanted), `${wanted}\nis not in\n${fixes}`);
  });

  test('says before any alert that a quota would refuse the rollout of the breaker', async () => {
    const before = await you.get(at.quota);
    await you.patch(at.quota, { spec: { hard: { 'limits.cpu': '23' } } });
    const faults = await faultsOf(configured());
    const { spec, metadata } = before;
    await you.replace(at.quota, { spec, metadata: { name: metadata.name, namespace: metadata.namespace } });
    const told = faults.find(({ check }) => check.startsWith('Room for a rollout'));
    assert.match(told?.text ?? '', /exceeded quota|has no room/);
    assert.match(told?.fix ?? '', /the circuit breaker would be refused/);
  });

  test('says that a workload is paused, since when and by who, and that one is at zero', async () => {
    await you.patch(at.worker, { spec: { paused: true } });
    await you.patch(at.batch, { spec: { replicas: 0 } });
    const lines = await examine(configured(), clock);
    const said = lines.map(({ check, text, fix = '' }) => `${check}: ${text} ${fix}`).join('\n');
    assert.match(
      said,
      /nqba-worker: is paused since \d{4}-\S+ \(you\), so no change reaches its pods\. kubectl .* rollout resume/,
    );
    assert.match(said, /nqba-worker-batch: has no replicas\. .*nqba-worker-batch is scaled to zero\./);
    await you.patch(at.worker, { spec: { paused: null } });
    await you.patch(at.batch, { spec: { replicas: 2 } });
  });

  test('says who holds what, and which runbooks act', async () => {
    const hold = async () => (await examine(configured(), clock)).filter(({ check }) => check.startsWith('Hold'));
    const text = async () => (await hold()).map(line => line.text).join(' ');
    assert.equal(await text(), 'Nothing is held. Armed: dynex-outage.');
    await you.patch(at.hold, { data: { hold: 'until Monday', 'mode.dynex-outage': 'on' } });
    assert.equal(
      await text(),
      'Everything is held: until Monday. No runbook is armed: all of them only observe. mode.dynex-outage is on, which counts as observe.',
    );
    await you.patch(at.hold, { data: { hold: null, 'hold.f00d': 'ann looks', 'mode.dynex-outage': 'supervised' } });
    assert.equal(await text(), 'Held: f00d (ann looks). Armed: dynex-outage.');
    await you.patch(at.hold, { data: { 'hold.f00d': null } });
  });

  test('says that the intake does not use the folder of the worker', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'nqba-elsewhere-'));
    const of = (folder: string) => configured({ connections: { ...configured().connections, artifacts: { folder } } });
    await writeThatHere(connectArtifacts({ folder: elsewhere }), 'worker', clock.now);
    const told = (await faultsOf(of(elsewhere))).find(({ check }) => check === 'The artifact store');
    assert.match(told?.text ?? '', /is used by the worker alone: the intake has not written/);
    await writeThatHere(connectArtifacts({ folder: elsewhere }), 'intake', clock.now);
    assert.ok((await examine(of(elsewhere), clock)).some(({ check, ok }) => check === 'The artifact store' && ok));
    rmSync(elsewhere, { recursive: true });
  });

  test('asks the API server what the worker may do, whoever runs it', async () => {
    const rights = async (kubeconfig: string, user?: string) => {
      const { connections } = configured();
      const config = configured({ connections: { ...connections, kubernetes: { kubeconfig } }, ...(user && { user }) });
      const lines = (await examine(config, clock)).filter(({ check }) => check === 'Rights');
      return lines.map(({ text }) => text.replace(/ Needed by .*$/, ''));
    };
    const { worker, you: administrator, bob } = cluster.kubeconfigs;
    assert.match((await rights(worker)).join(), /^this account may do all \d+ things that incidents need\.$/);
    assert.match(
      (await rights(administrator, 'nqba-runbooks')).join(),
      /^nqba-runbooks may do all \d+ things that incidents need\.$/,
    );
    const lacking = [
      'get jobs.batch in nqba-platform',
      'patch jobs.batch in nqba-platform',
      ...['nqba-secrets', 'nqba-secrets-dynex-a', 'nqba-secrets-dynex-b', 'nqba-ipfs-a', 'nqba-ipfs-b', 'nqba-platform-tls'].map(
        name => `get secrets/${name} in nqba-platform`,
      ),
      'list verticalpodautoscalers.autoscaling.k8s.io in nqba-platform',
      'list rollouts.argoproj.io in nqba-platform',
      'list jobs.batch in nqba-platform',
      'get pods/log in nqba-platform',
      'list endpointslices.discovery.k8s.io in nqba-platform',
      'list pods.metrics.k8s.io in nqba-platform',
      'create pods in nqba-platform, which asks for dry runs only',
      'create pods/eviction in nqba-platform',
      'list nodes in the cluster',
      'list pods in the cluster',
      'list nodes.metrics.k8s.io in the cluster',
    ];
    assert.deepEqual(
      await rights(bob),
      lacking.map(right => `this account may not ${right}.`),
    );
    assert.deepEqual(
      await rights(administrator, 'bob'),
      lacking.map(right => `bob may not ${right}.`),
    );
    assert.deepEqual(await rights(bob, 'nqba-runbooks'), ['you may not ask what nqba-runbooks may do.']);
  });

  test('gives every system that does not answer one line, and does not believe what was never healthy', async () => {
    for (const system of ['prometheus', 'dynex', 'api', 'slack', 'statuspage'] as const) states.set(system, 'unauthorised');
    for (const system of ['dynex', 'pagerduty'] as const) states.set(system, 'down');
    const faults = await faultsOf(configured());
    states.clear();
    const [first, ...others] = faults.map(({ check }) => check);
    assert.match(first ?? '', /^nqba-worker-batch reads/);
    assert.deepEqual(others, [
      'Prometheus',
      'Slack',
      'PagerDuty',
      'The status page',
      'Dynex',
      'The Dynex status page',
      'The Dynex key',
      'The NQBA API',
    ]);
    const said = faults.find(({ check }) => check === 'Dynex');
    assert.match(said?.text ?? '', /^is unknown\. From inside: This check has never been healthy on this installation/);
    assert.match(said?.fix ?? '', /correct DYNEX_API_URL \(now http:\/\/dynex\)/);
  });

  test('takes a cluster that does not answer for one fault, not for one of each name', async () => {
    const { connections } = configured();
    const refused = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    const faults = await faultsOf(configured({ connections: { ...connections, kubernetes: { fetch: refused } } }));
    assert.deepEqual(
      faults.map(({ check }) => check),
      ['Kubernetes', 'Prometheus', 'The Dynex key'],
    );
    assert.equal(faults[0]?.text, 'cannot be reached: connect ECONNREFUSED.');
  });

  test('accepts that a system is not connected, and says what connects it', async () => {
    const { artifacts, kubernetes, prometheus: measured } = configured().connections;
    const connections = { artifacts, ...(kubernetes && { kubernetes }), ...(measured && { prometheus: measured }) };
    const lines = await examine(configured({ connections }), clock);
    const variables = lines.flatMap(({ ok, text }) => (ok ? (/To connect it, set (.*)\.$/.exec(text)?.[1] ?? []) : []));
    assert.deepEqual(variables, [
      'ALERTMANAGER_URL',
      'GRAFANA_URL',
      'LOKI_URL',
      'NQBA_API_URL and NQBA_API_TOKEN',
      'REDIS_URL',
      'AWS_REGION',
      'IPFS_API_URL',
      'IPFS_BACKUP_URL and IPFS_BACKUP_TOKEN',
      'SLACK_BOT_TOKEN',
      'a routing key (see Paging)',
      'STATUSPAGE_API_KEY and STATUSPAGE_PAGE_ID',
      'TICKETS_REPOSITORY and TICKETS_TOKEN',
      'STRIPE_API_KEY',
      'DYNEX_API_URL',
      'DYNEX_STATUS_URL',
      'DYNEX_API_URL',
      'NQBA_API_URL',
      'NQBA_SYNTHETIC_EMAIL',
      'DATABASE_URL',
    ]);
  });
});
