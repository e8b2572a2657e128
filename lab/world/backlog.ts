/** Jobs that no pod has taken yet: while the API is `busy`, twice as many come in as its pods took when that began. */

import { cadence, jobsWaiting, podsRunning, type World } from '../world.ts';

const rush = 2;

export interface Backlog {
  /** Jobs that wait, the oldest first. */
  depth: number;
  /** When the one in this place came in, milliseconds since 1970. */
  cameAt: (place: number) => number;
}

const none: Backlog = { depth: 0, cameAt: () => 0 };

/** It becomes shorter while more pods run than at first, or once fewer jobs come in than they take. */
export function backlogAt(world: Pick<World, 'pods' | 'systems'>, at: number): Backlog {
  const changes = world.systems.filter(({ system }) => system === 'api');
  const began = changes.findLast(({ state, from }) => state === 'busy' && from <= at)?.from;
  if (began === undefined) return none;
  const ended = Math.min(...changes.filter(({ from }) => from > began).map(({ from }) => from));
  const usual = taken(world, began);
  const cameBy = (moment: number) => usual * (rush * (Math.min(moment, ended) - began) + Math.max(0, moment - ended));
  const pods = world.pods.flatMap(({ since, until = at }) => [since, until]);
  const moments = [...new Set([ended, ...pods])].filter(moment => moment > began && moment < at).toSorted((a, b) => a - b);
  let [depth, from] = [0, began];
  for (const to of [...moments, at]) {
    depth = Math.max(0, depth + cameBy(to) - cameBy(from) - taken(world, from) * (to - from));
    from = to;
  }
  const gone = cameBy(at) - depth;
  const inRush = usual * rush * (ended - began);
  const whenCame = (count: number) => (count <= inRush ? began + count / (usual * rush) : ended + (count - inRush) / usual);
  return { depth: Math.floor(depth), cameAt: place => whenCame(gone + place) };
}

/** All jobs that wait: these, and those whose pod went away. */
export const waitingAt = (world: World, at: number): number => jobsWaiting(world, at).length + backlogAt(world, at).depth;

/** Jobs that all pods take in a millisecond. */
const taken = (world: Pick<World, 'pods' | 'systems'>, at: number) => podsRunning({ ...world }, at).length / cadence.every;
