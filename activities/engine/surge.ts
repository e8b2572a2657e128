/** The surge of a rollout, compared with the quotas. Pure. */

import type { Deployment, Pod, Quota } from '../connectors/resources.ts';
import { quantity, shareOf } from './quantities.ts';

/** How many pods a rollout adds before it takes any away. */
export function surgeOf({ spec: { replicas, strategy } }: Pick<Deployment, 'spec'>): number {
  if (strategy.type !== 'RollingUpdate') return 0;
  return Math.min(replicas, shareOf(strategy.rollingUpdate?.maxSurge ?? '25%', replicas));
}

interface Surging {
  deployment: Pick<Deployment, 'spec'>;
  pod: Pick<Pod, 'spec'>;
  /** How many pods are to be added, if it is not the surge of a rollout. */
  more?: number;
}

/** The quota as it will be when this pod is gone. */
export const withoutPod = ({ status, ...quota }: Quota, pod: Pick<Pod, 'spec'>): Quota => {
  const used = Object.entries(status.used).map(([name, used]) => [name, String(quantity(used) - needOf(pod, name))]);
  return { ...quota, status: { ...status, used: Object.fromEntries(used) } };
};

/** Resources that the surge of all of them together lacks, one sentence each. A quota with scopes is left to admission. */
export const shortage = (quotas: Quota[], surging: Surging[]): string[] =>
  quotas
    .filter(({ spec }) => spec.scopes === undefined && spec.scopeSelector === undefined)
    .flatMap(({ metadata, status }) =>
      Object.entries(status.hard).flatMap(([resource, hard]) => {
        const needed = surging.reduce((sum, one) => sum + added(one) * needOf(one.pod, resource), 0);
        const used = status.used[resource] ?? '0';
        const fits = needed === 0 || quantity(used) + needed <= quantity(hard);
        const short = `Quota ${metadata.name} has no room: the rollout needs ${needed} more of ${resource}, used: ${used}, limited: ${hard}`;
        return fits ? [] : [short];
      }),
    );

/** How full each quota is with them: the resource of which least is left. */
export const fullWith = (quotas: Quota[], surging: Surging[]): string[] =>
  quotas.flatMap(({ metadata, status }) => {
    const shares = Object.entries(status.hard).map(([resource, hard]) => {
      const needed = surging.reduce((sum, one) => sum + added(one) * needOf(one.pod, resource), 0);
      return { resource, hard, share: (quantity(status.used[resource] ?? '0') + needed) / quantity(hard) };
    });
    const [most] = shares.toSorted((a, b) => b.share - a.share);
    const percent = Math.round(100 * (most?.share ?? 0));
    return most ? [`Quota ${metadata.name} is then used to ${percent}% (${most.resource}, limited: ${most.hard}).`] : [];
  });

const added = ({ more, deployment }: Surging) => more ?? surgeOf(deployment);

/** Of one resource as a quota names it. Init containers run before the others, each by itself. */
function needOf({ spec }: Pick<Pod, 'spec'>, resource: string): number {
  if (resource === 'pods' || resource === 'count/pods') return 1;
  const [, kind = 'requests', name = ''] = /^(?:(requests|limits)\.)?(.+)$/.exec(resource) ?? [];
  const amount = (container: Pod['spec']['containers'][number]) => {
    const { requests, limits } = container.resources;
    return quantity((kind === 'limits' ? limits : requests)[name] ?? '0');
  };
  const together = spec.containers.reduce((sum, container) => sum + amount(container), 0);
  return Math.max(together, ...spec.initContainers.map(amount));
}
