/** Records of changes, on an object of any system: in the cluster its annotations. */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import { type Kubernetes, readIfAny } from '../connectors/kubernetes.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import { kinds } from './fields.ts';
import { storedRecords } from './stored-records.ts';

interface Systems {
  artifacts: Artifacts;
  kubernetes?: Kubernetes | undefined;
}

/** By name; none where there is no such object. @throws SystemError */
export async function recordsOn({ systems }: { systems: Systems }, target: Target): Promise<Record<string, string>> {
  if (target.system !== 'kubernetes') return storedRecords(systems.artifacts, target);
  if (!systems.kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  return annotationsOn(systems.kubernetes, target);
}

/** The same of an object in the cluster. */
export async function annotationsOn(kubernetes: Kubernetes, { kind, namespace = '', name }: Target) {
  const resource = kinds[kind]?.resource;
  if (!resource)
    throw new SystemError({ system: 'Kubernetes', fault: 'answered', text: `has ${kind} ${name}, of a kind not known here` });
  return (await readIfAny(kubernetes, resource, { namespace, name }))?.metadata.annotations ?? {};
}
