/** CPU time of this process: steadier than the time on the wall, and only comparable within one run. */

/** In microseconds. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The least that each of these took, in microseconds; in turn, so that a busy machine slows all of them. */
export async function leastCpu(rounds: number, works: (() => Promise<unknown>)[]): Promise<number[]> {
  const least = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, work] of works.entries()) {
      const before = cpuTime();
      await work();
      least[index] = Math.min(least[index] ?? 0, cpuTime() - before);
    }
  return least;
}
