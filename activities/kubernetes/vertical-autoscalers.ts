/** VerticalPodAutoscalers of a workload: one that sets resources by itself would write over ours; one that only advises is told. */

import { type VerticalAutoscaler, verticalAutoscalers } from '../connectors/health-resources.ts';
import { type Kubernetes, listIfInstalled } from '../connectors/kubernetes.ts';
import { stopped } from '../failures.ts';
import type { PlacedWorkload } from '../platform.ts';

/** One sentence for each that only advises. @throws `Refused` where one sets them by itself, or SystemError. */
export async function verticallyScaled(kubernetes: Kubernetes, place: PlacedWorkload, container: string): Promise<string[]> {
  const all = await listIfInstalled(kubernetes, verticalAutoscalers, place.namespace);
  const ours = all.filter(({ spec: { targetRef } }) => targetRef.kind === place.kind && targetRef.name === place.name);
  const owner = ours.find(one => modeOf(one, container) !== 'Off');
  if (!owner) return ours.map(({ metadata }) => `VerticalPodAutoscaler ${metadata.name} only advises (mode Off).`);
  const { namespace, name } = owner.metadata;
  throw stopped(
    'Refused',
    `VerticalPodAutoscaler ${namespace}/${name} sets the resources of ${place.name} (mode ${modeOf(owner, container)}) and would write over them. Nothing was changed: set its updateMode to Off, or change its resourcePolicy instead and answer done by hand.`,
  );
}

/** A container may be left out of it; what names it goes before what names all. */
function modeOf({ spec: { updatePolicy, resourcePolicy } }: VerticalAutoscaler, container: string): string {
  const policies = resourcePolicy?.containerPolicies ?? [];
  const own = policies.find(one => one.containerName === container) ?? policies.find(one => one.containerName === '*');
  return own?.mode === 'Off' ? 'Off' : (updatePolicy?.updateMode ?? 'Auto');
}
