/** How much each node uses of what it may give to pods, as `kubectl top nodes`. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type Node, nodes, nodesUsage, type NodeUsage } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { UsageFacts } from '../facts.ts';
import { quantity } from '../engine/quantities.ts';
import { noMetricsApi } from './metrics-api.ts';
import { judgeShares, type Used } from './shares.ts';

/** @throws SystemError */
export async function nodesUsed(kubernetes: Kubernetes, below: number): Promise<Finding<UsageFacts>> {
  const [all, usage] = await Promise.all([
    kubernetes.list(nodes, ''),
    kubernetes.list(nodesUsage, '').catch(noMetricsApi('nodes')),
  ]);
  return judgeNodeUsage(all, usage, below);
}

export function judgeNodeUsage(nodes: Node[], usage: NodeUsage[], below: number): Finding<UsageFacts> {
  const byName = new Map(usage.map(one => [one.metadata.name, one.usage]));
  const measured = nodes.filter(({ metadata }) => byName.has(metadata.name));
  const used = measured.flatMap(node => usedOf(node, byName.get(node.metadata.name) ?? {}));
  const unmeasured = nodes.filter(({ metadata }) => !byName.has(metadata.name)).map(({ metadata }) => metadata.name);
  return judgeShares({ used, counted: `${measured.length} nodes`, unmeasured }, below);
}

function usedOf({ metadata: { name }, status: { allocatable } }: Node, usage: Record<string, string>): Used[] {
  return ['cpu', 'memory'].flatMap((resource): Used[] => {
    const [used, of] = [quantity(usage[resource] ?? ''), quantity(allocatable[resource] ?? '')];
    const isMeasured = Number.isFinite(used) && of > 0;
    return isMeasured ? [{ object: name, named: name, what: `allocatable ${resource}`, used, of, resource }] : [];
  });
}
