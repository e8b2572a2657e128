/** The proposed description: what was read of the cluster and Prometheus, and a mark on each field that people must look at. */

import type { KubeObject } from '../../activities/connectors/resources.ts';
import { type Platform, parsePlatform } from '../../activities/platform.ts';
import { queriesOf, queriesOfSection } from '../doctor/queries.ts';
import { roles } from '../../workflows/contract/vocabulary.ts';
import { sections } from '../../workflows/catalog/runbook.ts';
import { confirm, type Mark, missing } from './mark.ts';
import type { Measured } from './measured.ts';
import { proposedQuantum, settingIn } from './quantum.ts';
import type { ClusterSeen } from './seen.ts';
import { type ProposedWorkload, proposed, rolesOf } from './workloads.ts';

export interface Surveyed {
  seen: ClusterSeen;
  /** Nothing where Prometheus was not asked. */
  measured: Measured | undefined;
  /** As alerts call the cluster, and where that was read. */
  cluster: { name: string; from: string };
}

export interface Proposal {
  /** As it is written: without what our schema fills in. */
  description: object;
  /** The same as our schema reads it. */
  platform: Platform;
  marks: Mark[];
}

/** Levels of the escalation are paged; every other role is informed by hand until people say how it is reached. */
const paged: readonly string[] = ['primary', 'secondary', 'escalation', 'management', 'commander'];
const reachedBy = (role: string) => (paged.includes(role) ? { pagerduty: 'PAGERDUTY_ROUTING_KEY' } : 'none');
const quietMinutes = { P0: 60, P1: 60, P2: 30, P3: 30 };

/** @throws an `Error` where the cluster has no workload that can be described */
export function proposal({ seen, measured, cluster }: Surveyed): Proposal {
  const { byRole, marks } = rolesOf(seen);
  if (byRole.size === 0) throw new Error(nothingIn(seen));
  const configMaps = new Map(namedMaps(seen).map(({ role, namespace, name }) => [role, { namespace, name }]));
  const called = (namespace: string, name: string) =>
    [...configMaps].find(([, place]) => place.namespace === namespace && place.name === name)?.[0];
  const workloads = [...byRole].map(([role, one]) => [role, proposed(role, one, called)] as const);
  const setting = 'quantum';
  const jobs = proposedQuantum({ byRole, configMaps: seen.configMaps, measured: measured ?? new Map() }, setting);
  const hold = holdOf(seen);
  const description = {
    name: cluster.name,
    cluster: cluster.name,
    timeZone: 'UTC',
    namespaces: Object.fromEntries(seen.namespaces.map(name => [name, name])),
    workloads: Object.fromEntries(workloads.map(([role, { workload }]): [string, ProposedWorkload] => [role, workload])),
    configMaps: Object.fromEntries(configMaps),
    hold: hold.place,
    ...(jobs.quantum && { quantum: jobs.quantum }),
    channels: { incidents: '#incidents' },
    roles: Object.fromEntries(roles.map(role => [role, reachedBy(role)])),
    times: { pace: 1, quietMinutes },
    links: {},
  };
  const platform = parsePlatform(description);
  const all = [
    confirm('cluster', `${cluster.from}; alerts of another cluster are ignored`),
    confirm('timeZone', 'not known from here: nights are those of UTC'),
    ...namespaceMarks(seen),
    ...marks,
    ...workloads.flatMap(([, one]) => one.marks),
    ...hold.marks,
    ...jobs.marks,
    ...sectionMarks(platform, seen, measured),
    missing('channels.incidents', 'the Slack channel is not known from here'),
    missing(
      'roles',
      'who is on call is not known from here: PAGERDUTY_ROUTING_KEY is to hold the routing key, or roles.json describes people',
    ),
    ...queryMarks(platform, measured),
  ];
  return { description, platform, marks: all };
}

const nothingIn = ({ namespaces, leftOut }: ClusterSeen) =>
  `There is no workload to describe in ${namespaces.join(', ') || 'any namespace'}${leftOut.length > 0 ? `; left out are ${leftOut.join(', ')}, which --namespace takes` : ''}.`;

/** The ConfigMap with the setting is called as the shipped runbooks call it. */
function namedMaps({ configMaps }: ClusterSeen) {
  const setting = settingIn(configMaps);
  return configMaps.map(one => {
    const { namespace, name } = one.metadata;
    const isDouble = configMaps.some(other => other !== one && other.metadata.name === name);
    return { role: one === setting ? 'quantum' : isDouble ? `${namespace}-${name}` : name, namespace, name };
  });
}

function holdOf({ holds, namespaces }: ClusterSeen) {
  const [found, ...others] = holds;
  const place = found ?? { namespace: namespaces[0] ?? '', name: 'runbooks' };
  if (!found)
    return {
      place,
      marks: [missing('hold', `is not there yet: kubectl -n ${place.namespace} create configmap ${place.name}`)],
    };
  const marks =
    others.length > 0 ? [confirm('hold', `one of ${holds.map(one => `${one.namespace}/${one.name}`).join(', ')}`)] : [];
  return { place, marks };
}

function namespaceMarks({ leftOut, unread }: ClusterSeen): Mark[] {
  return [
    ...(leftOut.length > 0 ? [confirm('namespaces', `left out: ${leftOut.join(', ')}; --namespace takes one`)] : []),
    ...unread.map(text => missing('namespaces', `not read: ${text}`)),
  ];
}

const names = (all: KubeObject[]) => all.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');

/** Sections that no one but people can write, with what there is of them. */
function sectionMarks(platform: Platform, seen: ClusterSeen, measured: Measured | undefined): Mark[] {
  const tls = seen.ingresses.flatMap(({ metadata: { namespace }, spec }) =>
    spec.tls.flatMap(({ secretName }) => (secretName ? [`${namespace}/${secretName}`] : [])),
  );
  const seenOf: Partial<Record<(typeof sections)[number], string>> = {
    gateway: seen.ingresses.length > 0 ? `Ingress ${names(seen.ingresses)}` : '',
    billing: seen.cronJobs.length > 0 ? `CronJob ${names(seen.cronJobs)}` : '',
  };
  const absent = sections.filter(section => platform[section] === undefined);
  return [
    ...(tls.length > 0
      ? [missing('certificates', `left out: their expiry is checked where the worker may read ${[...new Set(tls)].join(', ')}`)]
      : []),
    ...absent.flatMap(section => {
      const series = queriesOfSection(section).filter(name => (measured?.get(name)?.samples ?? []).length > 0);
      const there = [seenOf[section], series.length > 0 && `series for ${series.join(', ')}`].filter(Boolean);
      return there.length > 0
        ? [missing(section, `left out, though there is ${there.join('; ')}: its reviewed values are people's to write`)]
        : [];
    }),
  ];
}

/** Questions of the described parts that Prometheus has nothing for. */
function queryMarks(platform: Platform, measured: Measured | undefined): Mark[] {
  if (!measured) return [missing('queries', 'Prometheus was not asked: name it with --prometheus')];
  return queriesOf(platform).flatMap(({ name }) => {
    const answered = measured.get(name);
    if (!answered || (answered.samples ?? []).length > 0) return [];
    const why = answered.said ?? `no samples of ${answered.query}`;
    return [missing(`queries["${name}"]`, why)];
  });
}
