/** What the simulation costs: the search of `verify` takes so many seeds. */

import { simulate } from '../support/simulation/simulate.ts';
import { subject } from '../support/simulation/subject.ts';
import { cpuTime } from './cpu.ts';
import type { Row } from './row.ts';

const [searched, sample] = [2000, 100];
/** CPU seconds. */
const allowed = 300;

export async function simulation(): Promise<Row[]> {
  const simulated = await subject();
  const before = cpuTime();
  for (let seed = 1; seed <= sample; seed += 1) {
    const { violation } = await simulate(simulated, seed);
    if (violation) throw violation;
  }
  const seconds = (((cpuTime() - before) / 1e6) * searched) / sample;
  return [{ what: `CPU of ${searched} seeds of the simulation, against ${allowed} s`, value: seconds / allowed, goal: 1 }];
}
