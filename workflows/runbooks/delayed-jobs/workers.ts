import type { QueueFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import type { DelayFindings } from './cause.ts';

type Queue = Finding<QueueFacts>;

/** More is a change of the platform's own limits. */
const most = 10;
/** The backlog is worked off in so many minutes. */
const within = 30;

/** How many workers finish what arrives, and the backlog in half an hour; twice as many where that is not measured. */
export function workersFor(found: Pick<DelayFindings, 'flow' | 'workers'> | undefined, queue: Queue | undefined): number {
  const now = found?.workers.facts?.workloads?.find(({ workload }) => workload === 'worker')?.wanted ?? 1;
  const { arrivals, completions } = found?.flow.facts ?? {};
  const { depth = 0 } = queue?.facts ?? {};
  const times = arrivals === undefined || !completions ? 2 : (arrivals + depth / within) / completions;
  return Math.min(most, Math.max(now + 1, Math.ceil(now * times)));
}
