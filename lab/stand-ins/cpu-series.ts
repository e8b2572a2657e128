/** What cAdvisor counts of the workers: ten periods of CPU time a second, of which their limit holds them back in a few. */

import { podsRunning, type World } from '../world.ts';
import type { Asked } from './replica-set-series.ts';

/** Per second: https://docs.kernel.org/scheduler/sched-bwc.html has a period of 100 ms. */
const rate = 10;
const share = 0.03;

const counted =
  (perSecond: number) =>
  (world: World, at: number, { names, window }: Asked) =>
    podsRunning(world, at)
      .filter(({ pod }) => names.some(name => name === pod || name === '.+'))
      .map(({ pod }) => ({ metric: { pod, container: 'worker' }, value: (window / 1_000) * perSecond }));

export const periods = counted(rate);
export const periodsThrottled = counted(rate * share);
