import type { DurationsFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';

/** A p95 that is worse by more than a tenth is a fault. */
const worse = 1.1;

interface Bounds {
  /** Seconds. */
  mean: number;
  /** Times the p95 of a week. */
  p95: number;
}

export const usualBounds = (timeout: number): Bounds => ({ mean: timeout, p95: worse });

/** Held against what was measured before; against the week where nothing was. */
export function noSlowerThan({ facts: { p95, usualP95 } = {} }: Finding<DurationsFacts>, timeout: number): Bounds {
  return { mean: timeout, p95: p95 && usualP95 ? (worse * p95) / usualP95 : worse };
}
