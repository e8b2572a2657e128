/** Secrets that the pods of workloads take values from. */

import type { Workload } from '../workflows/contract/vocabulary.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import { SystemError } from './connectors/system-error.ts';
import { readWorkload } from './engine/rollout.ts';
import { referencesIn } from './kubernetes/template-references.ts';
import { describedSecrets, type Placed, type PlacedWorkload, type Platform, secretCalled, workloadOf } from './platform.ts';
import { referencesInUse } from './quantum/key/view.ts';

export interface InUse {
  /** Those that the platform description names: the worker is given the right to read them. */
  described: Placed[];
  others: Placed[];
}

/** That of the Dynex key, and those that the pod templates name, each once. */
export async function secretsInUse(kubernetes: Kubernetes, platform: Platform, roles: Workload[]): Promise<InUse> {
  const [keys, own] = await Promise.all([
    referencesInUse(kubernetes, platform),
    Promise.all(roles.map(role => secretsOf(kubernetes, workloadOf(platform, role)))),
  ]);
  const all = [...keys.map(({ secret }) => secretCalled(platform, secret)), ...own.flat()];
  const distinct = [...new Map(all.map(place => [idOf(place), place])).values()];
  const named = new Set(describedSecrets(platform).map(idOf));
  return {
    described: distinct.filter(place => named.has(idOf(place))),
    others: distinct.filter(place => !named.has(idOf(place))),
  };
}

const idOf = ({ namespace, name }: Placed) => `${namespace}/${name}`;

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
