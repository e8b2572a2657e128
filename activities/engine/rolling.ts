/** The workloads whose pods start again with a write: what people read of them, and whether their new pods would be admitted. */

import { type Target, targetName } from '../../workflows/contract/action.ts';
import type { Deployment, Pod } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { promql } from '../queries.ts';
import type { ActionContext } from './action.ts';
import { rolls } from './fields.ts';
import { readWorkload } from './rollout.ts';
import { surgeOf } from './surge.ts';
import { livePods, templateDigest } from './templates.ts';
import type { Write } from './write.ts';

export interface Rolled {
  target: Target;
  deployment: Deployment;
  pods: Pod[];
}

export const startsPods = ({ target, edits }: Write) =>
  target.system === 'kubernetes' && edits.some(({ field }) => rolls(target.kind, field));

/** @throws SystemError */
export const rolledBy = (writes: Write[], { kubernetes }: Pick<ActionContext, 'kubernetes'>): Promise<Rolled[]> =>
  Promise.all(
    writes.filter(startsPods).map(async ({ target }) => {
      const deployment = await readWorkload(kubernetes, target);
      const { namespace = '' } = target;
      return { target, deployment, pods: await livePods(kubernetes, namespace, deployment.spec.selector.matchLabels) };
    }),
  );

/** Restarts of a plan, and the work that they interrupt. */
export function restarts(rolled: Rolled[], inFlight: Map<string, number> | undefined): string[] {
  if (rolled.length === 0) return [];
  const told = rolled.map(({ target, deployment }) => {
    const { replicas } = deployment.spec;
    return `Restarts ${target.name}: ${count(replicas, 'pod')}, ${surgeOf(deployment)} more at a time.`;
  });
  return [
    ...told,
    interrupted(
      rolled.flatMap(one => one.pods),
      inFlight,
    ),
  ];
}

/** The sentence about jobs on pods that go. */
export function interrupted(pods: Pod[], inFlight: Map<string, number> | undefined): string {
  if (inFlight === undefined) return 'Jobs in flight: unknown, Prometheus did not answer.';
  const jobs = pods.reduce((sum, pod) => sum + (inFlight.get(pod.metadata.name) ?? 0), 0);
  return `Jobs in flight on them: ${jobs}. They finish if the worker drains; otherwise they are re-run.`;
}

/** The images by name; whatever else is in the template by the digest that approvals rest on. */
export const basisOf = ({ target, deployment }: Rolled) => {
  const name = targetName(target);
  const { template } = deployment.spec;
  return [
    ...template.spec.containers.map(({ name: container, image = 'none' }) => ({
      what: `${name} image of ${container}`,
      value: image,
    })),
    { what: `${name} pod template`, value: templateDigest(template).slice(0, 8) },
  ];
};

/** Jobs by pod; nothing when Prometheus is not there to ask. */
export async function jobsByPod({
  systems: { prometheus },
  platform: { queries },
}: Deps): Promise<Map<string, number> | undefined> {
  try {
    const samples = await prometheus?.query(promql(queries, 'jobs in flight'));
    return samples && new Map(samples.map(({ labels, value }) => [labels['pod'] ?? '', value]));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
