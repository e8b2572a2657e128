import type { PodsFacts } from '../../../activities/index.ts';
import type { Finding, Workload } from '../../contract/index.ts';
import type { Words } from '../../kit/index.ts';
import { obstacleGone, waitsForController, type Watched, watchable } from './findings.ts';

/** With the minute between two rounds it is watched all the time. */
const halfAnHour = { every: '1 minute', for: '0 minutes', atLeast: 1, upTo: '29 minutes' } as const;

/** Watches in each round what stands in the way of pods, and says when it has gone. */
export function obstacleWatch({ watch, step }: Pick<Words, 'watch' | 'step'>) {
  let found: Promise<Finding<PodsFacts>> | undefined;
  /** Not yet reported as gone; it may have been found in an earlier round. */
  let obstacle: Watched | undefined;
  /** Workloads of which it is said when their controller tries again, until it has. */
  let told: Workload[] = [];
  let watched: Promise<void> | undefined;
  let isWatching = false;

  /** One watch at a time: a round that begins meanwhile waits for none, and is watched next. */
  async function follow() {
    isWatching = true;
    for (let followed: typeof found; followed !== found; ) {
      followed = found;
      await tellWhenItHasGone(await found);
    }
    isWatching = false;
  }

  async function tellWhenItHasGone(pods: Finding<PodsFacts> | undefined) {
    if (pods) told = told.filter(workload => waitsForController(pods, workload));
    obstacle = (pods && watchable(pods, told)) ?? obstacle;
    if (!obstacle) return;
    const newPods = { workloads: [obstacle.workload], admission: true as const };
    const now = await watch('Check overall system health: what stands in the way', halfAnHour).kubernetes.pods(newPods);
    const text = obstacleGone(now, obstacle);
    if (!text) return;
    if (now.facts?.retry) told = [...told, obstacle.workload];
    obstacle = undefined;
    await step('Check overall system health: the obstacle has gone').comms.remark({ text });
  }

  return {
    foundIn(pods: Promise<Finding<PodsFacts>>) {
      found = pods;
      return pods;
    },
    /** The watch is outside the phases of the round, which end sooner. */
    async beside(round: () => Promise<unknown>) {
      const working = round();
      if (!isWatching) watched = follow();
      await working;
    },
    ended: async () => watched,
  };
}
