/** The outside systems, one line each. Which of them are connected follows from the configuration, and from nothing else. */

import { silencesSystem } from './silences.ts';
import { apiSystem } from './api.ts';
import { type Artifacts, connectArtifacts } from './artifacts.ts';
import { databaseSystem } from './database.ts';
import { documented, type Given, type Seen, type System, type TrustedCheck } from './description.ts';
import { dynexSystem } from './dynex.ts';
import { grafanaSystem } from './grafana.ts';
import type { Clock, Fetch, Wire } from './http.ts';
import { kubernetesSystem } from './kubernetes.ts';
import { kuboSystem } from './kubo.ts';
import type { Line } from './line.ts';
import { lokiSystem } from './loki.ts';
import { mailSystem } from './mail.ts';
import { operatorApiSystem } from './operator-api.ts';
import { pagerdutySystem } from './pagerduty.ts';
import { pinningSystem } from './pinning-service.ts';
import { prometheusSystem } from './prometheus.ts';
import { fetchThrough, type Proxies } from './proxy.ts';
import { rdsSystem } from './rds.ts';
import { redisSystem } from './redis.ts';
import { slackSystem } from './slack.ts';
import { statuspageSystem } from './statuspage.ts';
import { stripeSystem } from './stripe.ts';
import { ticketsSystem } from './tickets.ts';
import { webhookSystem } from './webhook.ts';

/** In the order in which documents and doctor list them. */
export const registry = {
  kubernetes: kubernetesSystem,
  prometheus: prometheusSystem,
  silences: silencesSystem,
  grafana: grafanaSystem,
  loki: lokiSystem,
  dynex: dynexSystem,
  api: apiSystem,
  operatorApi: operatorApiSystem,
  redis: redisSystem,
  database: databaseSystem,
  rds: rdsSystem,
  kubo: kuboSystem,
  pinning: pinningSystem,
  slack: slackSystem,
  pagerduty: pagerdutySystem,
  webhook: webhookSystem,
  mail: mailSystem,
  statuspage: statuspageSystem,
  tickets: ticketsSystem,
  stripe: stripeSystem,
};

type Registry = typeof registry;
export type SystemName = keyof Registry;
type Configs = { [N in SystemName]: Registry[N] extends System<infer C, infer _> ? C & { fetch?: Fetch } : never };
type Connected = { [N in SystemName]: Registry[N] extends System<infer _, infer S> ? S : never };

/** Of one system. */
type Of<T, N extends keyof T> = Partial<Pick<T, N>>;

/** A system that is absent is not connected. */
export type Systems = { artifacts: Artifacts } & Partial<Connected>;

/** A system that is absent is not connected; `fetch` replaces the network of one system. */
export type Connections = { artifacts: { folder: string }; proxies?: Proxies | undefined } & Partial<Configs>;

const isSystem = (name: string): name is SystemName => name in registry;
export const systemNames = Object.keys(registry).filter(isSystem);

const described: { [N in SystemName]: System<Configs[N], Connected[N]> } = registry;

export function connectAll(connections: Connections, clock: Clock): Systems {
  const connected: Systems = { artifacts: connectArtifacts(connections.artifacts) };
  const wire = wireOf(connections, clock);
  for (const name of systemNames) connectInto(connected, name, connections, wire);
  return connected;
}

export const wireOf = ({ proxies }: Pick<Connections, 'proxies'>, clock: Clock): Wire => ({
  now: clock.now,
  sleep: clock.sleep,
  fetch: proxies ? fetchThrough(proxies) : globalThis.fetch,
  proxies,
});

function connectInto<N extends SystemName>(connected: Of<Connected, N>, name: N, connections: Of<Configs, N>, wire: Wire) {
  const config = connections[name];
  if (config) connected[name] = described[name].connect(config, over(wire, config));
}

const over = (wire: Wire, { fetch = wire.fetch }: { fetch?: Fetch } = {}): Wire => ({ ...wire, fetch });

/** Each system's configuration, and every fault of its variables. */
export function readConnections(given: Given, artifacts: Connections['artifacts']) {
  const connections: Connections = { artifacts };
  const faults = systemNames.flatMap(name => readInto(connections, name, given));
  return { connections, faults };
}

function readInto<N extends SystemName>(connections: Of<Configs, N>, name: N, given: Given): string[] {
  const { config, faults } = described[name].read(given);
  if (config) connections[name] = config;
  return faults;
}

/** Every variable of every system by its name. */
export const systemVariables = () => systemNames.flatMap(name => Object.entries(registry[name].variables));

/** Those that may also lie in a file. */
export const secretVariables = () =>
  systemVariables().flatMap(([name, schema]) => (documented.get(schema)?.secret ? [name] : []));

type Around = Pick<Seen<object, object>, 'platform' | 'onCall' | 'wire'>;

/** The examination of a system; nothing where another room does it. */
export function examinationOf<N extends SystemName>(
  name: N,
  systems: Of<Connected, N>,
  connections: Of<Configs, N>,
  around: Around,
): { name: string; examine: () => Promise<Line | Line[]> } | undefined {
  const { examined } = described[name];
  const config = connections[name];
  const seen = { ...around, system: systems[name], config, wire: over(around.wire, config) };
  return examined && { name: examined.name, examine: () => examined.examine(seen) };
}

/** The checks of a system, and where each looks; nowhere where it is not connected. */
export function checksOf<N extends SystemName>(name: N, systems: Of<Connected, N>) {
  const connected = systems[name];
  const placed = ({ address, ...check }: TrustedCheck<Connected[N]>) => ({
    ...check,
    address: (connected && address(connected)) || undefined,
  });
  return described[name].checks.map(placed);
}
