/** The activities on a real API server, over stand-ins without sockets: what Prometheus answers follows from the pods. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { connectAll } from '../../activities/connectors/index.ts';
import type { Clock, Fetch } from '../../activities/connectors/http.ts';
import { connectKubo } from '../../activities/connectors/kubo.ts';
import { apiServer, kubernetesFetch } from '../../activities/connectors/kubeconfig.ts';
import { connectOperatorApi } from '../../activities/connectors/operator-api.ts';
import { createActivities } from '../../activities/index.ts';
import type { Platform } from '../../activities/platform.ts';
import { alertmanager } from '../../lab/stand-ins/silences.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { tokens } from '../../lab/stand-ins/platform/served.ts';
import { dynex } from '../../lab/stand-ins/dynex.ts';
import { pagerduty } from '../../lab/stand-ins/pagerduty.ts';
import { prometheus } from '../../lab/stand-ins/prometheus.ts';
import { slack } from '../../lab/stand-ins/slack.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../lab/stand-ins/stripe.ts';
import { statuspage } from '../../lab/stand-ins/statuspage.ts';
import { startRecorder } from '../../lab/world/recorder.ts';
import { type State, type StateChange, type System, stateAt } from '../../lab/world/systems.ts';
import type { IntakeChange } from '../../lab/world.ts';
import { type Cluster, practiceCluster, writes } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { type Nqba, nqba } from '../support/nqba.ts';
import { notingMoney, paying } from './paid.ts';
import { mailed } from './mailed.ts';
import { at, kept } from './paths.ts';
import { notingClasses, rdsWith } from './database-at-rds.ts';
import { lazyKubo, noting } from './pinned.ts';
import { notingSilences, silencesOf, silencing } from './silenced.ts';

export { at };

/** Waits are a quarter as long; what the world does takes its own time. */
export const clock = {
  now: Date.now,
  sleep: async (ms: number, signal?: AbortSignal) => {
    await pause(ms / 4, undefined, { ...(signal && { signal }) });
  },
};

export type Activities = ReturnType<typeof createActivities>;
export type Stage = Awaited<ReturnType<typeof stage>>;

/** What workers are made of; tests of the tests bring another. */
export interface Product {
  connectAll: typeof connectAll;
  createActivities: typeof createActivities;
}

/** Stands between a worker and a system that it writes to. */
export type Between = (
  system: 'kubernetes' | 'statuspage' | 'api' | 'ipfs' | 'stripe' | 'silences' | 'rds' | 'mail',
  fetch: Fetch,
) => Fetch;

/** Starts everything; `stop` ends it. */
export async function stage() {
  const folder = await mkdtemp(join(tmpdir(), 'nqba-stage-'));
  const cluster = await practiceCluster();
  const systems: StateChange[] = [];
  const first = await snapshot(cluster);
  const messages: Message[] = [];
  const apps = { worker: 'nqba-worker', batch: 'nqba-worker-batch' };
  const recorder = startRecorder({
    kubeconfig: cluster.kubeconfigs.lab,
    namespace: 'nqba-platform',
    apps,
    practice: folder,
    now: Date.now,
    every: 100,
  });
  const intake: IntakeChange[] = [];
  const { pods, api, sets, edge } = recorder;
  const world = () => ({ intake, pods: pods(), api: api(), sets: sets(), edge: edge(), systems });
  const around = (system: System) =>
    surroundings({ state: () => stateAt(systems, system, Date.now()), record: message => messages.push(message) });
  const fetches = {
    prometheus: prometheus(around('prometheus'), world).fetch,
    dynex: dynex(around('dynex')).fetch,
    api: nqbaApi(around('api'), world).fetch,
    slack: slack(around('slack')).fetch,
    pagerduty: pagerduty(around('pagerduty')).fetch,
    statuspage: statuspage(around('statuspage')).fetch,
    stripe: stripe(around('stripe')).fetch,
    silences: alertmanager(around('silences')).fetch,
  };
  const kubo = lazyKubo();
  const rds = rdsWith(clock, { takes: 300 });
  const intakes: string[] = [];
  const mail = await mailed(intakes);
  const page = (path: string, init?: RequestInit) => call(fetches.statuspage, path, init);
  const platform: Nqba = { ...(await nqba()), times: { pace: 1 / 60, quietMinutes } };

  return {
    cluster,
    messages,
    /** What the Ingresses deny, as the recorder has seen it. */
    edge,
    /** What our workers have done at the hub, IPFS, Stripe and the mail server, in order. */
    intakes,
    platform,
    page,
    /** The platform, as an operator reads and sets it. */
    operators: connectOperatorApi({ url: 'http://api', token: tokens.operator }, { ...clock, fetch: fetches.api }),
    /** Until the first IPFS provider runs. */
    ipfsRuns: () => kubo.ready(),
    /** At the first IPFS provider, as somebody else. */
    pins: connectKubo({ url: 'http://kubo' }, { ...clock, fetch: kubo.fetch }),
    rds: rds.database,
    silences: silencesOf(fetches.silences, clock),
    hub: (path: string, init?: RequestInit) => asked(fetches.api, `/api/v1/qih${path}`, init),
    /** As an operator of the platform. */
    operator: (path: string, init?: RequestInit) => asked(fetches.api, path, init),
    /** Of the platform, at Stripe. */
    paying: paying(request => fetches.stripe(request), clock),
    /** Of the workers that have this folder. */
    artifacts: (name: string) => connectArtifacts({ folder: join(folder, name) }),
    you: kubectl(cluster.kubeconfigs.you, 'you'),
    bob: kubectl(cluster.kubeconfigs.bob, 'bob'),
    set: (system: System, state: State) => void systems.push({ system, state, from: Date.now() }),
    writes: async () => written(cluster),
    /** Everything as it was at first, and nothing held. */
    reset: () => restored(cluster, first, systems),

    /** Activities as one worker would have them, told apart by their artifact folder. */
    worker(options: Partial<Worker> = {}): Activities {
      const { platform: described = platform, kubeconfig = cluster.kubeconfigs.worker, connected = everything } = options;
      const { product = { connectAll, createActivities }, between = (_, fetch) => fetch, clock: time = clock } = options;
      const connections = product.connectAll(
        {
          artifacts: { folder: join(folder, options.folder ?? 'artifacts') },
          kubernetes: { fetch: between('kubernetes', kubernetesFetch({ kubeconfig }, time.now)) },
          prometheus: { url: 'http://prometheus', fetch: fetches.prometheus },
          dynex: { url: 'http://dynex', statusUrl: 'http://dynex/status/api/v2/summary.json', fetch: fetches.dynex },
          api: { url: 'http://api', fetch: between('api', noting(intakes, fetches.api)) },
          operatorApi: {
            url: 'http://api',
            token: tokens.operator,
            podUrl: 'http://api/pods/{name}',
            fetch: between(connected.includes('kubo') ? 'ipfs' : 'api', noting(intakes, fetches.api)),
          },
          kubo: { url: 'http://kubo', fetch: between('ipfs', noting(intakes, kubo.fetch)) },
          stripe: { url: 'http://stripe', key: 'sk_test_x', fetch: between('stripe', notingMoney(intakes, fetches.stripe)) },
          silences: { ...silencing, fetch: between('silences', notingSilences(intakes, fetches.silences)) },
          rds: { ...rds.connection, fetch: notingClasses(intakes, fetch => between('rds', fetch), rds.connection.fetch) },
          mail: mail.connection(fetch => between('mail', fetch)),
          slack: { url: 'http://slack/api/', token: 'xoxb-test', fetch: fetches.slack },
          pagerduty: { url: 'http://pagerduty', routingKeys: () => '0123456789abcdef0123456789abcdef', fetch: fetches.pagerduty },
          statuspage: {
            url: 'http://statuspage/v1',
            key: crypto.randomUUID(),
            page: 'nqba',
            fetch: between('statuspage', fetches.statuspage),
          },
        },
        time,
      );
      const { artifacts, ...others } = connections;
      const chosen = Object.fromEntries(Object.entries(others).filter(([name]) => connected.includes(name)));
      return product.createActivities({
        platform: described,
        systems: { artifacts, ...chosen, ...options.systems },
        ...time,
        takeBackLater: async () => undefined,
        running: () => ({
          workflowType: options.workflowType ?? 'dynexOutage',
          namespace: 'default',
          signal: new AbortController().signal,
          heartbeat: () => undefined,
        }),
      });
    },

    async stop() {
      await Promise.all([mail.close(), kubo.stop()]);
      await recorder.stop();
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As an operator at the API. */
async function asked(fetch: Fetch, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = new Headers(init.headers);
  headers.set('content-type', 'application/json');
  headers.set('authorization', `Bearer ${tokens.operator}`);
  const answer = await fetch(new Request(`http://api${path}`, { ...init, headers }));
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

const quietMinutes = { P0: 1, P1: 1, P2: 1, P3: 1 };
const everything = ['kubernetes', 'prometheus', 'dynex', 'api', 'slack', 'pagerduty', 'statuspage'];

interface Worker {
  platform: Platform;
  kubeconfig: string;
  /** Systems that are connected; all of them unless told. */
  connected: string[];
  /** Instead of those. */
  systems: object;
  folder: string;
  workflowType: string;
  product: Product;
  between: Between;
  clock: Clock;
}

/** As somebody else at the status page: each call under a key of its own, which has a limit of its own. */
async function call(fetch: Fetch, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: `OAuth ${crypto.randomUUID()}`, 'content-type': 'application/json' };
  const answer = await fetch(new Request(`http://statuspage/v1/pages/nqba${path}`, { ...init, headers }));
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** What our worker has really written, in order. */
const written = async ({ auditLog }: Cluster) =>
  (await writes(auditLog, ['nqba-runbooks'])).map(({ verb, resource, name, body, after }) => ({
    what: `${verb} ${resource}/${name}`,
    body,
    after,
  }));

async function snapshot({ kubeconfigs }: Cluster): Promise<Map<string, KubeObject>> {
  const you = kubectl(kubeconfigs.you, 'you');
  return new Map(await Promise.all(kept.map(async path => [path, await you.get(path)] as const)));
}

async function restored({ kubeconfigs }: Cluster, first: Map<string, KubeObject>, systems: StateChange[]) {
  systems.length = 0;
  const you = kubectl(kubeconfigs.you, 'you');
  await you.remove(`${at.jobs}?propagationPolicy=Background`);
  for (const [path, { metadata, status: _, ...object }] of first) {
    const { name, namespace, labels } = metadata;
    const { metadata: now } = await you.get(path).catch(() => ({ metadata: undefined }));
    const body = { ...object, metadata: { name, namespace, labels } };
    await (now ? you.replace(path, body) : you.create(path.slice(0, path.lastIndexOf('/')), body));
  }
  await eventually(async () => {
    for (const path of [at.worker, at.batch, at.api]) assert.ok(isSettled(await you.get(path)), path);
  });
}

export const isSettled = ({ metadata, spec, status }: KubeObject) =>
  status?.observedGeneration === metadata.generation &&
  [status?.replicas, status?.updatedReplicas, status?.availableReplicas].every(count => count === spec?.replicas);

const anObject = z.looseObject({
  metadata: z.looseObject({
    annotations: z.record(z.string(), z.string()).default({}),
    labels: z.record(z.string(), z.string()).default({}),
    generation: z.number().default(0),
  }),
  data: z.record(z.string(), z.string()).optional(),
  spec: z.looseObject({ template: z.unknown().optional(), replicas: z.number().optional() }).optional(),
  status: z
    .looseObject({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
    })
    .optional(),
});
export type KubeObject = z.infer<typeof anObject>;

export type Kubectl = ReturnType<typeof kubectl>;

/** Another person at the same API server, under a name of their own. */
export function kubectl(kubeconfig: string, fieldManager: string) {
  const fetch = kubernetesFetch({ kubeconfig }, Date.now);
  const call = async (method: string, path: string, body?: object, type = 'application/json') => {
    const url = `${apiServer}${path}${path.includes('?') ? '&' : '?'}fieldManager=${fieldManager}`;
    const answer = await fetch(
      new Request(url, { method, headers: { 'content-type': type }, ...(body && { body: JSON.stringify(body) }) }),
    );
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  };
  const object = async (...asked: Parameters<typeof call>) => anObject.parse(JSON.parse(await call(...asked)));
  return {
    get: (path: string) => object('GET', path),
    create: (path: string, body: object) => object('POST', path, body),
    /** Strategic merge. */
    patch: (path: string, body: object) => object('PATCH', path, body, 'application/strategic-merge-patch+json'),
    replace: (path: string, body: object) => object('PUT', path, body),
    remove: (path: string) => call('DELETE', path),
  };
}
