import type { FlowFacts, PodsFacts, QueueFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';

/** More is a change of the platform's own limits. */
const most = 10;
/** The backlog is worked off in so many minutes. */
const within = 30;

/** How many workers finish what arrives, and the backlog in half an hour; twice as many where that is not measured. */
export function workersFor(
  flow: Finding<FlowFacts> | undefined,
  queue: Finding<QueueFacts> | undefined,
  workers: Finding<PodsFacts> | undefined,
): number {
  const now = workers?.facts?.workloads?.find(({ workload }) => workload === 'worker')?.wanted ?? 1;
  const { arrivals, completions } = flow?.facts ?? {};
  const { depth = 0 } = queue?.facts ?? {};
  const times = arrivals === undefined || !completions ? 2 : (arrivals + depth / within) / completions;
  return Math.min(most, Math.max(now + 1, Math.ceil(now * times)));
}
