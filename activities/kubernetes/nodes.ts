/** Are all nodes Ready, and none short of memory, disk or processes? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type Condition, type Node, nodes } from '../connectors/health-resources.ts';
import { notConnected, quoted } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { NodesFacts } from '../facts.ts';
import { sinceOf } from './when.ts';

/** @throws SystemError */
export async function checkNodes({ systems: { kubernetes }, now }: Deps): Promise<Finding<NodesFacts>> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  return judgeNodes(await kubernetes.list(nodes, ''), now());
}

export function judgeNodes(nodes: Node[], now: number): Finding<NodesFacts> {
  const ill = nodes.flatMap(node => faultsOf(node).map(fault => ({ name: node.metadata.name, fault })));
  const faulty = [...new Set(ill.map(({ name }) => name))];
  const facts = { nodes: nodes.length, faulty };
  const cordoned = nodes.filter(({ spec }) => spec.unschedulable).map(({ metadata }) => metadata.name);
  const closed = cordoned.length > 0 ? ` Takes no new pods (cordoned): ${cordoned.join(', ')}.` : '';
  if (nodes.length === 0) return { verdict: 'unknown', evidence: 'The cluster lists no node.', facts };
  if (faulty.length === 0)
    return { verdict: 'healthy', evidence: `All ${nodes.length} nodes are Ready, none under pressure.${closed}`, facts };
  const told = ill.map(({ name, fault }) => `${name} ${textOf(fault, now)}`).join('; ');
  return { verdict: 'faulty', evidence: `${faulty.length} of ${nodes.length} nodes: ${told}.${closed}`, facts };
}

/** Not Ready, or any other condition that every node should be without. A node that says nothing is not Ready. */
function faultsOf({ status: { conditions } }: Node): Condition[] {
  const ready = conditions.find(({ type }) => type === 'Ready') ?? silent;
  return [...(ready.status === 'True' ? [] : [ready]), ...conditions.filter(isPressure)];
}

const silent: Condition = {
  type: 'Ready',
  status: 'Unknown',
  reason: '',
  message: 'does not report its state',
  lastTransitionTime: null,
};

const isPressure = ({ type, status }: Condition) =>
  ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'].includes(type) && status === 'True';

function textOf({ type, reason, message, lastTransitionTime }: Condition, now: number): string {
  const what = type === 'Ready' ? 'is not Ready' : `has ${type}`;
  const why = [reason, message].filter(Boolean).join(': ');
  return `${what}${sinceOf(lastTransitionTime, now)}${why ? ` (${quoted(why)})` : ''}`;
}
