/** The API server's answers about the workloads of a world, for checks that need no API server. */

import type { World } from '../../lab/world.ts';

/** Pods by the selector of their workload, and Deployments; nothing for any other object. */
export function workloadAnswer(url: string, running: World['pods']): object | undefined {
  const { pathname, searchParams } = new URL(url);
  const [, plural, name] = /\/(pods|deployments)(?:\/([^/]+))?$/.exec(pathname) ?? [];
  if (plural === 'deployments' && name !== undefined)
    return { metadata: { name }, spec: { template: { spec: { containers: [] } } } };
  if (plural !== 'pods') return undefined;
  const wanted = searchParams.get('labelSelector')?.includes('app=nqba-worker-batch') ? 'batch' : 'worker';
  const items = running
    .filter(({ workload }) => workload === wanted)
    .map(({ pod }) => ({ metadata: { name: pod }, spec: { containers: [] }, status: { phase: 'Running' } }));
  return { items };
}
