/** How much of what they may use the pods do use. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { podsUsage, type PodUsage } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Container, Pod } from '../connectors/resources.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { UsageFacts } from '../facts.ts';
import { type PlacedWorkload, workloadOf } from '../platform.ts';
import { quantity } from '../engine/quantities.ts';
import { livePods } from '../engine/templates.ts';

export interface UsageInput {
  of: 'pods';
  workloads: Workload[];
  /** Share of the limit, else of the request, 0 to 1: at or over it is faulty. */
  below: number;
}

/** One container and one resource. */
interface Used {
  pod: string;
  container: string;
  resource: 'cpu' | 'memory';
  used: number;
  bound: 'limit' | 'request';
  of: number;
}

/** @throws SystemError */
export async function checkUsage(deps: Deps, { workloads, below }: UsageInput): Promise<Finding<UsageFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const seen = await Promise.all(workloads.map(role => lookAt(kubernetes, workloadOf(deps.platform, role))));
  const pods = seen.flatMap(({ pods }) => pods);
  const usage = new Map(seen.flatMap(({ usage }) => usage).map(one => [one.metadata.name, one]));
  return judgeUsage(pods, usage, below);
}

async function lookAt(kubernetes: Kubernetes, workload: PlacedWorkload) {
  const [pods, usage] = await Promise.all([
    livePods(kubernetes, workload.namespace, workload.selector),
    kubernetes.list(podsUsage, workload.namespace, workload.selector).catch(notInstalled),
  ]);
  return { pods, usage };
}

function notInstalled(error: unknown): never {
  if (!(error instanceof SystemError && error.status === 404)) throw error;
  const text = 'has no metrics API (metrics.k8s.io), so the use of pods is not known: install a metrics server';
  throw new SystemError({ system: 'Kubernetes', fault: 'not connected', text });
}

/** A pod that is not measured is no pod that uses little. */
export function judgeUsage(pods: Pod[], usage: Map<string, PodUsage>, below: number): Finding<UsageFacts> {
  const measured = pods.filter(({ metadata }) => usage.has(metadata.name));
  const used = measured.flatMap(pod => usedBy(pod, usage.get(pod.metadata.name)));
  const [most] = used.toSorted((a, b) => shareOf(b) - shareOf(a));
  const unmeasured = pods.filter(({ metadata }) => !usage.has(metadata.name)).map(({ metadata }) => metadata.name);
  const missing = unmeasured.length > 0 ? ` Not measured: ${unmeasured.join(', ')}.` : '';
  if (!most) return { verdict: 'unknown', evidence: `No pod that has a request or a limit is measured.${missing}` };
  const facts = { highest: shareOf(most), pod: most.pod };
  if (shareOf(most) >= below)
    return { verdict: 'faulty', evidence: `${textOf(most)}: not below ${percent(below)}.${missing}`, facts };
  const said = `Of ${measured.length} pods the highest is ${textOf(most)}, below ${percent(below)}.`;
  return { verdict: missing ? 'unknown' : 'healthy', evidence: `${said}${missing}`, facts };
}

const shareOf = ({ used, of }: Used) => used / of;
const percent = (share: number) => `${Math.round(share * 100)}%`;

function usedBy({ metadata, spec }: Pod, usage: PodUsage | undefined): Used[] {
  return spec.containers.flatMap(container => {
    const measured = usage?.containers.find(({ name }) => name === container.name)?.usage;
    return (['cpu', 'memory'] as const).flatMap(resource => {
      const bound = boundOf(container, resource);
      const used = quantity(measured?.[resource] ?? '');
      return bound && Number.isFinite(used) ? [{ pod: metadata.name, container: container.name, resource, used, ...bound }] : [];
    });
  });
}

function boundOf({ resources }: Container, resource: 'cpu' | 'memory'): Pick<Used, 'bound' | 'of'> | undefined {
  const of = { limit: resources.limits[resource], request: resources.requests[resource] };
  const bound = of.limit === undefined ? 'request' : 'limit';
  const amount = quantity(of[bound] ?? '');
  return amount > 0 ? { bound, of: amount } : undefined;
}

function textOf(used: Used): string {
  const { pod, container, resource, bound } = used;
  const amount = (number: number) => (resource === 'cpu' ? `${Math.round(number * 1000)}m` : `${Math.round(number / 2 ** 20)}Mi`);
  return `${pod} (${container}): ${percent(shareOf(used))} of its ${resource} ${bound}, ${amount(used.used)} of ${amount(used.of)}`;
}
