/** What a rollout needs on top of what runs, held against the quotas. Pure. */

import type { Deployment, Pod, Quota } from '../connectors/resources.ts';
import { quantity, shareOf } from './quantities.ts';

/** How many pods a rollout adds before it takes any away. */
export function surgeOf({ spec: { replicas, strategy } }: Pick<Deployment, 'spec'>): number {
  if (strategy.type !== 'RollingUpdate') return 0;
  return Math.min(replicas, shareOf(strategy.rollingUpdate?.maxSurge ?? '25%', replicas));
}

interface Surging {
  seen: { deployment: Pick<Deployment, 'spec'> };
  pod: Pick<Pod, 'spec'>;
}

/** What the surge of all of them together lacks, one sentence a resource. A quota with scopes is left to admission. */
export const shortage = (quotas: Quota[], surging: Surging[]): string[] =>
  quotas
    .filter(({ spec }) => spec.scopes === undefined && spec.scopeSelector === undefined)
    .flatMap(({ metadata, status }) =>
      Object.entries(status.hard).flatMap(([resource, hard]) => {
        const needed = surging.reduce((sum, { seen, pod }) => sum + surgeOf(seen.deployment) * needOf(pod, resource), 0);
        const used = status.used[resource] ?? '0';
        const fits = needed === 0 || quantity(used) + needed <= quantity(hard);
        const short = `Quota ${metadata.name} has no room: the rollout needs ${needed} more of ${resource}, used: ${used}, limited: ${hard}`;
        return fits ? [] : [short];
      }),
    );

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
