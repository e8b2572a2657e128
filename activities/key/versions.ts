/** Has a rotation left something behind: pods that hold the former key, workloads that take different ones, a key that is refused? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Pod, secrets } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { checkKey } from '../dynex-key.ts';
import { type Platform, secretCalled } from '../platform.ts';
import { objectName } from '../setting/view.ts';
import { evidenceOf, part, together } from '../together.ts';
import { textOf } from './reference.ts';
import { writtenAt } from './secret.ts';
import { type KeyedWorkload, lookAtKey } from './view.ts';

/** @throws SystemError */
export async function checkVersions(deps: Deps): Promise<Finding> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { workloads } = await lookAtKey(kubernetes, deps.platform);
  if (workloads.length === 0)
    return { verdict: 'unknown', evidence: `No workload takes ${deps.platform.quantum.key.env} from a Secret.` };
  const call = part(() => checkKey(deps));
  const versions = workloads.map(workload => part(() => heldBy(workload, kubernetes, deps.platform)));
  const parts = [takenBy(workloads), ...(await Promise.all([call, ...versions]))];
  return { verdict: together(parts), evidence: evidenceOf(parts) };
}

/** Whether all take the key from one place. */
function takenBy(workloads: KeyedWorkload[]): Finding {
  const [first, ...others] = [...new Set(workloads.map(({ reference }) => textOf(reference)))];
  if (others.length === 0) return { verdict: 'healthy', evidence: `All take the key from ${first}.` };
  const each = workloads.map(({ workload, reference }) => `${workload.name} from ${textOf(reference)}`);
  return { verdict: 'faulty', evidence: `The key is taken from different places: ${each.join(', ')}.` };
}

/** A container keeps the key that the Secret held when it started. */
async function heldBy(
  { workload: { name, namespace, container }, pods, reference }: KeyedWorkload,
  kubernetes: Kubernetes,
  platform: Platform,
): Promise<Finding> {
  const place = secretCalled(platform, reference.secret);
  const written = writtenAt(await kubernetes.read(secrets, place), reference.key);
  const former = pods.filter(pod => startedAt(pod, container) < written);
  if (former.length === 0) return { verdict: 'healthy', evidence: `${name} started after the key was written.` };
  const when = new Date(written).toISOString();
  return {
    verdict: 'faulty',
    evidence:
      `${former.length} of ${pods.length} pods of ${name} started before ${objectName('Secret', place)} was written (${when}) ` +
      `and hold what was there before: kubectl -n ${namespace} rollout restart deployment/${name}`,
  };
}

function startedAt({ metadata, status }: Pod, container: string): number {
  const running = status.containerStatuses.find(({ name }) => name === container)?.state.running;
  return Date.parse(running?.startedAt ?? metadata.creationTimestamp ?? '');
}
