/** The section `quantum`, where the cluster shows each of its parts: who runs jobs, the key, and a ConfigMap with the setting. */

import { z } from 'zod';
import type { ConfigMap } from '../../activities/connectors/resources.ts';
import type { Quantum } from '../../activities/platform/quantum.ts';
import { configMapsRead } from './config-maps-read.ts';
import { confirm, type Mark, missing } from './mark.ts';
import { type Measured, samplesOf } from './measured.ts';
import type { SeenWorkload } from './workloads.ts';

/** Values that send every job to the classical solvers (seed: "Enable classical fallback"); of a ConfigMap, those that it has. */
const fallback = {
  QUANTUM_BACKEND: 'classical',
  FEATURE_QUANTUM_ENABLED: 'false',
  FEATURE_CLASSICAL_FALLBACK: 'true',
  QUANTUM_FALLBACK_ENABLED: 'true',
  FALLBACK_SOLVER: 'classical',
};

export type ProposedQuantum = Pick<Quantum, 'workloads' | 'configMap' | 'fallback' | 'ramp' | 'solvers'> & {
  key: Pick<Quantum['key'], 'namespace' | 'secret' | 'key' | 'env'>;
};

export interface Seen {
  byRole: ReadonlyMap<string, SeenWorkload>;
  configMaps: ConfigMap[];
  measured: Measured;
}

/** The ConfigMap with the setting; nothing where none has any of its keys. */
export const settingIn = (configMaps: ConfigMap[]): ConfigMap | undefined =>
  configMaps.toSorted((one, other) => keysIn(other).length - keysIn(one).length).find(configMap => keysIn(configMap).length > 0);

const keysIn = ({ data }: ConfigMap) => Object.keys(fallback).filter(key => Object.hasOwn(data, key));

const keyRef = z.looseObject({ secretKeyRef: z.looseObject({ name: z.string(), key: z.string() }) });

/** The variable with the Dynex key, wherever a pod takes it from. */
function keyOf({ namespace, template }: SeenWorkload): ProposedQuantum['key'] | undefined {
  const variables = template.spec.containers.flatMap(({ env }) => env);
  const found = variables.find(({ name }) => /^DYNEX\w*(KEY|TOKEN)$/.test(name));
  const { data } = keyRef.safeParse(found?.valueFrom);
  return found && data && { namespace, secret: data.secretKeyRef.name, key: data.secretKeyRef.key, env: found.name };
}

/** @param configMap the name of the ConfigMap with the setting in the description */
export function proposedQuantum(
  { byRole, configMaps, measured }: Seen,
  configMap: string,
): { quantum?: ProposedQuantum; marks: Mark[] } {
  const setting = settingIn(configMaps);
  const keys = [...byRole.values()].flatMap(one => keyOf(one) ?? []);
  const [key] = keys;
  const running = runningJobs(byRole, measured);
  if (!setting && !key && running.length === 0) return { marks: [] };
  const lacks = [
    ...(setting ? [] : [`no ConfigMap that its pods read has a key of the setting: ${Object.keys(fallback).join(', ')}`]),
    ...(key ? [] : ['no pod takes the Dynex key from a Secret']),
  ];
  if (!setting || !key) return { marks: [missing('quantum', `is left out: ${lacks.join('; ')}`)] };
  const takers = [...byRole].filter(([, one]) => keyOf(one) && reads(one, setting)).map(([role]) => role);
  const workloads = running.length > 0 ? running : takers;
  if (workloads.length === 0)
    return { marks: [missing('quantum', 'is left out: no workload runs jobs, or takes key and setting')] };
  const { solvers, marks } = solversIn(measured);
  const values = Object.entries(fallback).filter(([name]) => keysIn(setting).includes(name));
  const quantum = { workloads, configMap, fallback: Object.fromEntries(values), ramp: 'restart', key, solvers } as const;
  return { quantum, marks: [...marksOn(quantum, { byRole, setting, running }), ...marks] };
}

const reads = ({ namespace, template }: SeenWorkload, { metadata }: ConfigMap) =>
  namespace === metadata.namespace && configMapsRead(template).includes(metadata.name);

/** Workloads whose pods have started jobs, by the label `pod` of the series. */
function runningJobs(byRole: ReadonlyMap<string, SeenWorkload>, measured: Measured): string[] {
  const all = [...byRole].toSorted(([, one], [, other]) => other.name.length - one.name.length);
  const roles = ['jobs started', 'jobs in flight'] as const;
  const pods = roles.flatMap(name => samplesOf(measured, name)).flatMap(({ labels }) => labels['pod'] ?? []);
  const found = new Set(pods.map(pod => all.find(([, { name }]) => pod.startsWith(`${name}-`))?.[0]));
  return [...byRole.keys()].filter(role => found.has(role));
}

function solversIn(measured: Measured): { solvers: ProposedQuantum['solvers']; marks: Mark[] } {
  const samples = [...samplesOf(measured, 'jobs started'), ...samplesOf(measured, 'job results')];
  const named = [...new Set(samples.flatMap(({ labels }) => labels['solver'] ?? []))];
  const called = { dynex: named.find(name => /dynex/i.test(name)), classical: named.find(name => /classical/i.test(name)) };
  const marks = (['dynex', 'classical'] as const)
    .filter(solver => called[solver] === undefined)
    .map(solver => missing(`quantum.solvers.${solver}`, 'no series names it: write it as the label solver does'));
  return { solvers: { dynex: called.dynex ?? 'dynex', classical: called.classical ?? 'classical' }, marks };
}

function marksOn(
  { workloads, fallback }: ProposedQuantum,
  { byRole, setting, running }: { byRole: Seen['byRole']; setting: ConfigMap; running: string[] },
): Mark[] {
  const unmoved = workloads.filter(role => {
    const workload = byRole.get(role);
    return workload && !reads(workload, setting);
  });
  const how = running.length > 0 ? 'their pods have started jobs' : 'not measured: they take the Dynex key and the setting';
  return [
    confirm('quantum.workloads', how),
    confirm('quantum.fallback', `the keys that ConfigMap ${setting.metadata.name} has: ${Object.keys(fallback).join(', ')}`),
    confirm('quantum.ramp', 'jobs return all at once with a restart, unless pods read a share while they run'),
    confirm('quantum.key', 'rotation names no Secret yet that a new key may be put into'),
    ...unmoved.map(role =>
      confirm('quantum.workloads', `${role} does not read the setting, so no circuit breaker moves its jobs`),
    ),
  ];
}
