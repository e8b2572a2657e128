/** What Prometheus counts of the API's calls: it follows from how many of its pods take them, and how many answer badly. */

import type { World } from '../world.ts';

/** What customers call, whoever answers, per second. */
const rate = 60;
/** Seconds that nineteen of twenty calls take at most while all pods take them; with fewer pods as much longer. */
const usual = 0.2;

/** While this held, so many milliseconds of the window. */
interface Stretch {
  lasted: number;
  wanted: number;
  ready: number;
  bad: number;
}

/** Without a pod that is ready no one answers, and nothing is counted. */
function stretches({ api = [] }: World, at: number, window: number): Stretch[] {
  const whole = { from: Number.NEGATIVE_INFINITY, wanted: 1, ready: 1, bad: 0 };
  const records = [whole, ...api];
  return records
    .map(({ from, ...counts }, index) => {
      const until = records[index + 1]?.from ?? Number.POSITIVE_INFINITY;
      return { ...counts, lasted: Math.min(at, until) - Math.max(at - window, from) };
    })
    .filter(({ lasted, ready }) => lasted > 0 && ready > 0);
}

const mean = (all: Stretch[], of: (stretch: Stretch) => number) =>
  all.reduce((sum, stretch) => sum + of(stretch) * stretch.lasted, 0) / all.reduce((sum, { lasted }) => sum + lasted, 0);

/** Nothing where no call was answered. */
const overCalls = (of: (all: Stretch[]) => number) => (world: World, at: number, window: number) => {
  const all = stretches(world, at, window);
  return all.length === 0 ? [] : [{ metric: {}, value: of(all) }];
};

export const callsAnswered = overCalls(all => (all.reduce((sum, { lasted }) => sum + lasted, 0) / 1_000) * rate);

export const shareOfErrors = overCalls(all => mean(all, ({ bad, ready }) => bad / ready));

export const slowestUsual = overCalls(all => mean(all, ({ wanted, ready }) => usual * Math.max(1, wanted / ready)));
