/** Secrets that the pods of workloads take values from. */

import type { Workload } from '../workflows/contract/vocabulary.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import { SystemError } from './connectors/system-error.ts';
import { readWorkload } from './engine/rollout.ts';
import { referencesIn } from './kubernetes/template-references.ts';
import { type Placed, type PlacedWorkload, type Platform, secretCalled, workloadOf } from './platform.ts';
import { referencesInUse } from './quantum/key/view.ts';

/** That of the Dynex key, and those that the pod templates name, each once. */
export async function secretsInUse(kubernetes: Kubernetes, platform: Platform, roles: Workload[]): Promise<Placed[]> {
  const [keys, own] = await Promise.all([
    referencesInUse(kubernetes, platform),
    Promise.all(roles.map(role => secretsOf(kubernetes, workloadOf(platform, role)))),
  ]);
  const all = [...keys.map(({ secret }) => secretCalled(platform, secret)), ...own.flat()];
  return [...new Map(all.map(place => [`${place.namespace}/${place.name}`, place])).values()];
}

/** A workload that cannot be read names none. */
async function secretsOf(kubernetes: Kubernetes, workload: PlacedWorkload): Promise<Placed[]> {
  try {
    const { spec } = await readWorkload(kubernetes, workload);
    const references = referencesIn(spec.template).filter(({ kind }) => kind === 'Secret');
    return references.map(({ name }) => ({ namespace: workload.namespace, name }));
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}
