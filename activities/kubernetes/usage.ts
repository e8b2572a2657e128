/** How much of what they may use the pods, the nodes and the quotas do use. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { podsUsage, type PodUsage } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Container, Pod } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { UsageFacts } from '../facts.ts';
import { type PlacedWorkload, workloadOf } from '../platform.ts';
import { quantity } from '../engine/quantities.ts';
import { livePods } from '../engine/templates.ts';
import { noMetricsApi } from './metrics-api.ts';
import { nodesUsed } from './node-usage.ts';
import { quotasUsed } from './quota-usage.ts';
import { judgeShares, type Used } from './shares.ts';
import { throttlingOf } from './throttling.ts';

export type UsageInput =
  /** Of the limit of each container, else of its request. */
  | { of: 'pods'; workloads: Workload[]; below: number }
  /** Of the periods of CPU time in which each container had something to run: those in which its limit held it back. */
  | { of: 'throttling'; workloads: Workload[]; below: number }
  /** Of what each node may give to pods. */
  | { of: 'nodes'; below: number }
  /** Of the ResourceQuotas in the namespaces of the workloads. */
  | { of: 'quota'; below: number };

/** `below`: 0 to 1; at or over it is faulty. @throws SystemError */
export async function checkUsage(deps: Deps, input: UsageInput): Promise<Finding<UsageFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  if (input.of === 'nodes') return nodesUsed(kubernetes, input.below);
  if (input.of === 'quota') return quotasUsed(kubernetes, deps.platform, input.below);
  if (input.of === 'throttling') {
    const pods = input.workloads.map(role => podsOf(kubernetes, workloadOf(deps.platform, role)));
    return throttlingOf(deps, (await Promise.all(pods)).flat(), input.below);
  }
  const seen = await Promise.all(input.workloads.map(role => lookAt(kubernetes, workloadOf(deps.platform, role))));
  const pods = seen.flatMap(({ pods }) => pods);
  const usage = new Map(seen.flatMap(({ usage }) => usage).map(one => [one.metadata.name, one]));
  return judgeUsage(pods, usage, input.below);
}

const podsOf = (kubernetes: Kubernetes, { namespace, selector }: PlacedWorkload) => livePods(kubernetes, namespace, selector);

async function lookAt(kubernetes: Kubernetes, workload: PlacedWorkload) {
  const [pods, usage] = await Promise.all([
    podsOf(kubernetes, workload),
    kubernetes.list(podsUsage, workload.namespace, workload.selector).catch(noMetricsApi('pods')),
  ]);
  return { pods, usage };
}

/** A pod that is not measured is no pod that uses little. */
export function judgeUsage(pods: Pod[], usage: Map<string, PodUsage>, below: number): Finding<UsageFacts> {
  const measured = pods.filter(({ metadata }) => usage.has(metadata.name));
  const used = measured.flatMap(pod => usedBy(pod, usage.get(pod.metadata.name)));
  const unmeasured = pods.filter(({ metadata }) => !usage.has(metadata.name)).map(({ metadata }) => metadata.name);
  return judgeShares({ used, counted: `${measured.length} pods`, unmeasured }, below);
}

function usedBy({ metadata: { name: object }, spec }: Pod, usage: PodUsage | undefined): Used[] {
  return spec.containers.flatMap(container => {
    const measured = usage?.containers.find(({ name }) => name === container.name)?.usage;
    return (['cpu', 'memory'] as const).flatMap((resource): Used[] => {
      const bound = boundOf(container, resource);
      const used = quantity(measured?.[resource] ?? '');
      if (!bound || !Number.isFinite(used)) return [];
      const what = `${resource} ${bound.by}`;
      return [{ object, named: `${object} (${container.name})`, what, used, of: bound.of, resource }];
    });
  });
}

function boundOf({ resources }: Container, resource: 'cpu' | 'memory') {
  const by = resources.limits[resource] === undefined ? ('request' as const) : ('limit' as const);
  const of = quantity((by === 'limit' ? resources.limits : resources.requests)[resource] ?? '');
  return of > 0 ? { by, of } : undefined;
}
