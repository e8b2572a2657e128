/** Clocks of others. Ages and orders are taken by one clock only: what is dated by another is compared with that one's present. */

import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { valueOf } from './observe/metric.ts';

/** Less is the way of the answers, and the whole seconds of a date; milliseconds. */
const least = 60_000;

/** Milliseconds by which the API server, which dates changes, is ahead of Prometheus, which dates alerts; zero where that is not known. */
export async function aheadOfAlerts({ systems: { kubernetes, prometheus } }: Pick<Deps, 'systems'>): Promise<number> {
  const [there, alerts] = await Promise.all([
    quietly(async () => kubernetes?.time()),
    quietly(async () => prometheus && valueOf(prometheus, 'vector(time())')),
  ]);
  const ahead = (there ?? Number.NaN) - (alerts ?? Number.NaN) * 1000;
  return Math.abs(ahead) >= least ? ahead : 0;
}

/** For people, after a sentence; nothing where the clocks agree. */
export function aheadText(ahead: number): string {
  if (ahead === 0) return '';
  const minutes = `${Math.round(Math.abs(ahead) / 60_000)} min ${ahead > 0 ? 'ahead of' : 'behind'}`;
  return ` The clock of the API server is ${minutes} that of Prometheus: changes are told by the former, and compared as if both were right.`;
}

/** Now by the clock that dates jobs, milliseconds since 1970; ours where it does not tell. */
export async function nowOfJobs({ systems: { api }, now }: Pick<Deps, 'systems' | 'now'>): Promise<number> {
  const there = await quietly(async () => api?.time());
  return there !== undefined && Math.abs(there - now()) >= least ? there : now();
}

async function quietly(ask: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
