/** When Dynex is down in a simulation: known beforehand, so that what is measured can be compared with it. */

import { minutes, threeAtNight } from '../rehearsing.ts';
import type { Faults } from './faults.ts';

export type IsDown = (at: number) => boolean;

/** Down when the alert fires, unless it fires for nothing; again later, if the seed wants it. */
export function outagesOf(faults: Faults): IsDown {
  const { below, chance } = faults.stream('slow provider');
  const slow = faults.happens('slow provider', 0.8);
  const end = 3 + below(slow ? 90 : 12);
  const spans = [{ from: Number.NEGATIVE_INFINITY, to: end }];
  if (faults.happens('nothing to fix', 0.8)) {
    const comes = faults.stream('nothing to fix').below(20);
    spans[0] = chance(0.5) ? { from: comes, to: comes + end } : { from: 0, to: 0 };
  }
  if (faults.happens('down again', 0.8)) {
    const from = end + 5 + faults.stream('down again').below(90);
    spans.push({ from, to: from + 5 + faults.stream('down again').below(40) });
  }
  return at => spans.some(({ from, to }) => threeAtNight + minutes(from) <= at && at < threeAtNight + minutes(to));
}
