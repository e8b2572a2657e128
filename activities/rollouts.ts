/** Has somebody else changed anything close before the first bad sample? Our own writes and restarts never count. */

import { targetName } from '../workflows/contract/action.ts';
import type { Finding } from '../workflows/contract/finding.ts';
import type { Workload } from '../workflows/contract/vocabulary.ts';
import { changesOf, nearestBefore, ofTheirOwn, rolloutsOf, sinceInstallation, type Somebody } from './changes.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import {
  configMaps,
  deployments,
  hpas,
  type KubeObject,
  networkPolicies,
  replicaSets,
  type Resource,
  secrets,
} from './connectors/resources.ts';
import { notConnected, quoted, SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { RolloutsFacts } from './facts.ts';
import { type Placed, type PlacedWorkload, quantumConfigMap, secretCalled, workloadOf } from './platform.ts';
import { referencesInUse } from './quantum/key/view.ts';

/** How long before the first bad sample a change counts as close, in milliseconds, before pace. */
const reach = 7_200_000;

type Look = () => Promise<Somebody[]>;

/** @throws SystemError */
export async function checkRollouts(
  deps: Deps,
  { workloads, before }: { workloads: Workload[]; before: string },
): Promise<Finding<RolloutsFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const moment = Date.parse(before);
  const keys = await referencesInUse(kubernetes, deps.platform);
  const places = keys.map(({ secret }) => secretCalled(deps.platform, secret));
  const looked = await Promise.all(looks(kubernetes, deps, workloads, places).map(tolerant));
  const changes = sinceInstallation(looked.flatMap(({ changes }) => changes));
  const unread = looked.flatMap(({ unread }) => unread);
  const nearest = nearestBefore(changes, moment, reach * deps.platform.times.pace);
  return nearest ? changed(nearest, moment) : unchanged(unread);
}

function looks(kubernetes: Kubernetes, { platform }: Deps, roles: Workload[], keys: Placed[]): Look[] {
  const placed = roles.map(role => workloadOf(platform, role));
  const namespaces = [...new Set(placed.map(({ namespace }) => namespace))];
  const one =
    <T extends KubeObject>(resource: Resource<T>, place: Placed): Look =>
    async () =>
      changesOf(targetName({ kind: resource.kind, ...place }), await kubernetes.read(resource, place));
  return [
    ...placed.map(workload => () => rollouts(kubernetes, workload)),
    ...placed.flatMap(({ namespace, hpa }) => (hpa ? [one(hpas, { namespace, name: hpa })] : [])),
    one(configMaps, quantumConfigMap(platform)),
    ...keys.map(place => one(secrets, place)),
    ...namespaces.map(
      namespace => async () =>
        (await kubernetes.list(networkPolicies, namespace)).flatMap(policy =>
          changesOf(targetName({ kind: 'NetworkPolicy', ...policy.metadata }), policy),
        ),
    ),
  ];
}

async function rollouts(kubernetes: Kubernetes, workload: PlacedWorkload): Promise<Somebody[]> {
  const [deployment, sets] = await Promise.all([
    kubernetes.read(deployments, workload),
    kubernetes.list(replicaSets, workload.namespace, workload.selector),
  ]);
  const name = targetName({ kind: 'Deployment', ...workload });
  const changes = changesOf(name, deployment);
  return [...changes, ...ofTheirOwn(rolloutsOf(name, deployment.metadata.uid, sets), changes)];
}

/** What may not be read, or does not exist, is said; the rest still counts. */
async function tolerant(look: Look): Promise<{ changes: Somebody[]; unread: string[] }> {
  try {
    return { changes: await look(), unread: [] };
  } catch (error) {
    if (error instanceof SystemError) return { changes: [], unread: [error.message] };
    throw error;
  }
}

function changed({ what, who, at }: Somebody, moment: number): Finding<RolloutsFacts> {
  const minutesBefore = Math.round((moment - at) / 6_000) / 10;
  const change = { what: quoted(what), who: quoted(who), at: new Date(at).toISOString(), minutesBefore };
  return {
    verdict: 'faulty',
    evidence: `${change.who} changed ${change.what} at ${change.at}, ${minutesBefore} minutes before.`,
    facts: { change },
  };
}

function unchanged(unread: string[]): Finding<RolloutsFacts> {
  if (unread.length === 0)
    return { verdict: 'healthy', evidence: 'Nobody else changed anything close before.', facts: { change: null } };
  return { verdict: 'unknown', evidence: `No change was found, but not everything could be read: ${unread.join('; ')}.` };
}
