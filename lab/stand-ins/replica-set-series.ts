/** What Prometheus knows of ReplicaSets, step after step of a subquery: how long all pods that one wants were ready. */

import type { World } from '../world.ts';
import { setAt } from '../world/replica-sets.ts';

/** What a query of ReplicaSets is asked with; durations in milliseconds. */
export interface Asked {
  names: readonly string[];
  window: number;
  step: number;
}

interface Step {
  at: number;
  serves: boolean;
}

/** As a subquery steps: at whole multiples of the step, and only where there is a sample. */
function stepsOf({ sets = [] }: World, set: string, at: number, { window, step }: Asked): Step[] {
  const first = Math.floor((at - window) / step) + 1;
  const count = Math.floor(at / step) - first + 1;
  const moments = Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
  return moments.flatMap(moment => {
    const record = setAt(sets, set, moment);
    return record ? [{ at: moment, serves: record.ready > 0 && record.ready === record.wanted }] : [];
  });
}

const perSet = (of: (steps: Step[]) => number | undefined) => (world: World, at: number, asked: Asked) =>
  asked.names.flatMap(replicaset => {
    const steps = stepsOf(world, replicaset, at, asked);
    const value = steps.length === 0 ? undefined : of(steps);
    return value === undefined ? [] : [{ metric: { replicaset }, value }];
  });

const served = (steps: Step[]) => steps.filter(({ serves }) => serves);
const inSeconds = (step: Step | undefined) => step && step.at / 1_000;

export const stepsServed = perSet(steps => served(steps).length);

export const firstServed = perSet(steps => inSeconds(served(steps)[0]));

export const lastServed = perSet(steps => inSeconds(served(steps).at(-1)));
