/** Has a rotation left something behind: pods that hold the former key, workloads that take different ones, a key that is refused? */

import type { Finding } from '../../../workflows/contract/finding.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { type Pod, secrets } from '../../connectors/resources.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import type { KeyVersionsFacts } from '../../facts.ts';
import { checkKey } from '../../dynex-key.ts';
import { type Platform, quantumOf, secretCalled } from '../../platform.ts';
import { evidenceOf, part, together } from '../../together.ts';
import { type Reference, referenceFrom, textOf } from './reference.ts';
import { secretName, writtenAt } from './secret.ts';
import { type KeyedWorkload, lookAtKey } from './view.ts';

/** @throws SystemError */
export async function checkVersions(deps: Deps, { secret }: { secret?: string } = {}): Promise<Finding<KeyVersionsFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { workloads } = await lookAtKey(kubernetes, deps.platform);
  if (workloads.length === 0)
    return { verdict: 'unknown', evidence: `No workload takes ${quantumOf(deps.platform).key.env} from a Secret.` };
  const call = part(() => checkKey(deps));
  const places = Map.groupBy(workloads, ({ reference }) => textOf(reference));
  const versions = [...places].map(([from, those]) => part(() => heldBy(referenceFrom(from), those, kubernetes, deps.platform)));
  const parts = [takenBy(workloads, secret), ...(await Promise.all([...versions, call]))];
  const used = [...new Set(workloads.map(({ reference }) => reference.secret))];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: { secrets: used } };
}

/** Healthy if all take the key from one place, and from that Secret where one is named. */
function takenBy(workloads: KeyedWorkload[], secret: string | undefined): Finding {
  const [first = '', ...others] = [...new Set(workloads.map(({ reference }) => textOf(reference)))];
  const isAnother = secret !== undefined && referenceFrom(first).secret !== secret;
  if (others.length === 0 && isAnother)
    return { verdict: 'faulty', evidence: `All take the key from ${first}, none from ${secret}.` };
  if (others.length === 0) return { verdict: 'healthy', evidence: `All take the key from ${first}.` };
  const each = workloads.map(({ workload, reference }) => `${workload.name} from ${textOf(reference)}`);
  return { verdict: 'faulty', evidence: `The key is taken from different places: ${each.join(', ')}.` };
}

/** A container keeps the key that the Secret held when it started. */
async function heldBy(from: Reference, workloads: KeyedWorkload[], kubernetes: Kubernetes, platform: Platform): Promise<Finding> {
  const place = secretCalled(platform, from.secret);
  const written = writtenAt(await kubernetes.read(secrets, place), from.key);
  const late = workloads
    .map(({ workload, pods }) => ({
      ...workload,
      former: pods.filter(pod => startedAt(pod, workload.container) < written).length,
    }))
    .filter(({ former }) => former > 0);
  if (late.length === 0) return { verdict: 'healthy', evidence: 'All pods started after the key was written.' };
  const counts = late.map(({ name, former }) => `${former} of ${name}`).join(', ');
  const restart = late.map(({ name }) => `deployment/${name}`).join(' ');
  return {
    verdict: 'faulty',
    evidence:
      `Pods that started before ${secretName(place)} was written (${new Date(written).toISOString()}) hold what was ` +
      `there before: ${counts}. Restart them: kubectl -n ${place.namespace} rollout restart ${restart}.`,
  };
}

function startedAt({ metadata, status }: Pod, container: string): number {
  const running = status.containerStatuses.find(({ name }) => name === container)?.state.running;
  return Date.parse(running?.startedAt ?? metadata.creationTimestamp ?? '');
}
