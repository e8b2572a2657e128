/** Are all nodes Ready, and none short of memory, disk or processes? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type Condition, type Node, nodes } from '../connectors/health-resources.ts';
import { notConnected, quoted, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { NodesFacts } from '../facts.ts';
import { promql } from '../queries.ts';
import { momentOf, sinceOf } from './when.ts';

/** @throws SystemError */
export async function checkNodes(deps: Deps): Promise<Finding<NodesFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const [all, changes] = await Promise.all([kubernetes.list(nodes, ''), changesOfReady(deps)]);
  return judgeNodes(all, { now: deps.now(), pace: deps.platform.times.pace, changes });
}

interface Around {
  /** Milliseconds since 1970. */
  now: number;
  pace: number;
  /** How often Ready changed in the hour before, by node; absent where no one counts it. */
  changes?: ReadonlyMap<string, number> | undefined;
}

/** As kube-state-metrics tells Prometheus. */
async function changesOfReady({ systems, platform }: Deps): Promise<ReadonlyMap<string, number> | undefined> {
  const window = anHour * platform.times.pace;
  const samples = await systems.prometheus
    ?.query(promql(platform.queries, 'changes of nodes', { window }))
    .catch((error: unknown) => {
      if (error instanceof SystemError) return undefined;
      throw error;
    });
  return samples && new Map(samples.map(({ labels, value }) => [labels.node ?? '', Math.round(value)]));
}

const anHour = 3_600_000;
/** Not before so long may a node that came back be called healthy; one that is new has not come back. */
const settling = 600_000;
/** Down and up is once; down again is flapping. */
const flapping = 3;

export function judgeNodes(nodes: Node[], around: Around): Finding<NodesFacts> {
  const ill = nodes.flatMap(node => troublesOf(node, around).map(text => ({ name: node.metadata.name, text })));
  const back = nodes.filter(node => ill.every(({ name }) => name !== node.metadata.name) && isBack(node, around));
  const faulty = [...new Set(ill.map(({ name }) => name))];
  const facts = { nodes: nodes.length, faulty };
  const cordoned = nodes.filter(({ spec }) => spec.unschedulable).map(({ metadata }) => metadata.name);
  const closed = cordoned.length > 0 ? ` Takes no new pods (cordoned): ${cordoned.join(', ')}.` : '';
  const again = back.length > 0 ? ` Not yet known to stay Ready: ${back.map(node => backText(node, around)).join('; ')}.` : '';
  if (nodes.length === 0) return { verdict: 'unknown', evidence: 'The cluster lists no node.', facts };
  if (faulty.length > 0) {
    const told = ill.map(({ name, text }) => `${name} ${text}`).join('; ');
    return { verdict: 'faulty', evidence: `${faulty.length} of ${nodes.length} nodes: ${told}.${again}${closed}`, facts };
  }
  const evidence = `All ${nodes.length} nodes are Ready, none under pressure.${again}${closed}`;
  return { verdict: back.length > 0 ? 'unknown' : 'healthy', evidence, facts };
}

/** Faults of now, after how often there were some. */
function troublesOf(node: Node, { now, changes }: Around): string[] {
  const times = changes?.get(node.metadata.name) ?? 0;
  const present = faultsOf(node).map(fault => textOf(fault, now));
  if (times < flapping) return present;
  return [`flaps: Ready changed ${times} times in the last hour${lastly(readyOf(node), now)}`, ...present];
}

const lastly = ({ lastTransitionTime }: Condition, now: number) =>
  lastTransitionTime ? `, last at ${momentOf(lastTransitionTime, now)}` : '';

/** Ready now, but not for long, and not for the first time. A time that is still to come is one of another clock. */
function isBack(node: Node, { now, pace }: Around): boolean {
  const since = Date.parse(readyOf(node).lastTransitionTime ?? '');
  const isNew = since - Date.parse(node.metadata.creationTimestamp ?? '') < settling * pace;
  return now - since < settling * pace && !isNew;
}

function backText(node: Node, { now, changes }: Around): string {
  const { name } = node.metadata;
  const times = changes?.get(name);
  const counted = times === undefined ? '' : `, and changed ${times} times in the last hour`;
  return `${name} is Ready again${sinceOf(readyOf(node).lastTransitionTime, now)}${counted}`;
}

/** Not Ready, or any other condition that every node should be without. A node that says nothing is not Ready. */
function faultsOf({ status: { conditions } }: Node): Condition[] {
  const ready = readyOf({ status: { conditions } });
  return [...(ready.status === 'True' ? [] : [ready]), ...conditions.filter(isPressure)];
}

const readyOf = ({ status: { conditions } }: { status: { conditions: Condition[] } }): Condition =>
  conditions.find(({ type }) => type === 'Ready') ?? silent;

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
