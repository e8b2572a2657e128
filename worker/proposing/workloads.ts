/** Workloads of the cluster as entries of a description, under the names by which runbooks call them. */

import { defaultContainer, type Template } from '../../activities/connectors/resources.ts';
import type { WorkloadKind } from '../../activities/platform-schema.ts';
import { configMapsRead } from './config-maps-read.ts';
import { confirm, type Mark, missing } from './mark.ts';

export interface SeenWorkload {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  labels: Record<string, string>;
  /** Its `matchLabels`. */
  selector: Record<string, string>;
  template: Template;
  hpa?: string | undefined;
}

export interface ProposedWorkload {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  container: string;
  selector: Record<string, string>;
  hpa?: string;
  configMap?: string;
}

/** The names that the shipped runbooks say. */
const shipped = ['api', 'worker', 'batch'];

interface Choice {
  workloads: SeenWorkload[];
  chosen: ReadonlyMap<string, string>;
}

/**
 * Workloads by their names in the description; one without labels to find its pods by is left out.
 * @throws an `Error` where a workload that people chose is not there
 */
export function rolesOf({ workloads, chosen }: Choice): { byRole: Map<string, SeenWorkload>; marks: Mark[] } {
  const usable = workloads.filter(({ selector }) => Object.keys(selector).length > 0);
  const left = workloads.filter(one => !usable.includes(one));
  const taken = new Map([...chosen].map(([role, name]) => [theOne(name, usable), role] as const));
  const free = usable.filter(one => !taken.has(one));
  const guessed = shipped.filter(role => !chosen.has(role)).map(role => [role, candidatesFor(role, free)] as const);
  for (const [role, [only, ...others]] of guessed) if (only && others.length === 0) taken.set(only, role);
  const byRole = new Map(usable.map(one => [taken.get(one) ?? ownName(one, usable), one] as const));
  const marks = [
    ...left.map(({ kind, namespace, name }) =>
      missing('workloads', `${kind} ${namespace}/${name} is left out: its selector has no matchLabels`),
    ),
    ...guessed.flatMap(([role, found]) => unsure(role, found)),
  ];
  return { byRole, marks };
}

/** The holes of our questions to Prometheus: its job for the API is called as its workload is. */
export const askedAbout = ({ namespaces, ...choice }: Choice & { namespaces: string[] }) => ({
  namespace: namespaces[0] ?? '',
  job: rolesOf(choice).byRole.get('api')?.name,
});

function theOne(wanted: string, workloads: SeenWorkload[]): SeenWorkload {
  const [found, ...others] = workloads.filter(({ namespace, name }) => wanted === name || wanted === `${namespace}/${name}`);
  if (found && others.length === 0) return found;
  const all = workloads.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  throw new Error(`${found ? 'Several workloads are' : 'No workload is'} called ${wanted}; there are ${all}`);
}

/** Those whose name ends in the word; else those that a label calls so. */
function candidatesFor(role: string, workloads: SeenWorkload[]): SeenWorkload[] {
  const ending = workloads.filter(workload => endsIn(role, workload));
  if (ending.length > 0) return ending;
  return workloads.filter(({ labels }) => (labels['app.kubernetes.io/component'] ?? labels['component']) === role);
}

const endsIn = (role: string, { name }: SeenWorkload) => name.split('-').at(-1) === role;

function unsure(role: string, found: SeenWorkload[]): Mark[] {
  const [only, ...others] = found;
  const field = `workloads.${role}`;
  const remedy = `--workload ${role}=NAME chooses it`;
  if (!only) return [missing(field, `no workload is called so: runbooks that name ${role} are not available; ${remedy}`)];
  const names = found.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  if (others.length > 0) return [missing(field, `several may be it: ${names}; ${remedy}`)];
  return [confirm(field, `${names}, by its ${endsIn(role, only) ? 'name' : 'label'}`)];
}

/** Its own name, with what tells it from another of that name. */
function ownName({ kind, namespace, name }: SeenWorkload, among: SeenWorkload[]): string {
  const same = among.filter(one => one.name === name);
  if (same.length === 1) return name;
  const here = same.filter(one => one.namespace === namespace);
  return here.length === 1 ? `${namespace}-${name}` : `${namespace}-${name}-${kind.toLowerCase()}`;
}

/** @param configMapCalled the name of a ConfigMap in the description */
export function proposed(
  role: string,
  { kind, namespace, name, selector, template, hpa }: SeenWorkload,
  configMapCalled: (namespace: string, name: string) => string | undefined,
): { workload: ProposedWorkload; marks: Mark[] } {
  const { name: container, sure } = defaultContainer(template);
  const maps = configMapsRead(template).flatMap(read => configMapCalled(namespace, read) ?? []);
  const [configMap, ...others] = maps;
  const workload = { kind, namespace, name, container, selector, ...(hpa && { hpa }), ...(configMap && { configMap }) };
  const containers = template.spec.containers.map(one => one.name).join(', ');
  const marks = [
    ...(sure ? [] : [confirm(`workloads.${role}.container`, `the first of ${containers}`)]),
    ...(others.length > 0 ? [confirm(`workloads.${role}.configMap`, `it reads ${maps.join(', ')}; one can be named`)] : []),
  ];
  return { workload, marks };
}
