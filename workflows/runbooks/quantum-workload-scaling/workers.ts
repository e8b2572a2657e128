import type { MetricFacts, PodsFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';

interface Found {
  queue: Finding<MetricFacts>;
  pods: Finding<PodsFacts>;
}

interface Wanted {
  workers: number | undefined;
  /** Jobs in ten minutes. */
  perWorker: number;
}

/** The ceiling of the worker’s autoscaler. */
const most = 10;

/** How many workers finish the queue in ten minutes, and how that is computed; nothing where its depth is not known. */
export function workersFor({ queue, pods }: Found, { workers, perWorker }: Wanted): { count?: number; because: string } {
  const depth = queue.facts?.value;
  const now = `${pods.facts?.ready ?? 'an unknown number of'} workers run now.`;
  if (workers !== undefined) return { count: workers, because: `${workers} were asked for; ${now}` };
  if (depth === undefined)
    return { because: `The depth of the queue is not known, so nothing was scaled. ${queue.evidence} Name a count: --workers` };
  const count = Math.min(most, Math.max(1, Math.ceil(depth / perWorker)));
  const formula = `${depth} jobs wait, and one worker finishes ${perWorker} in 10 minutes: ${Math.ceil(depth / perWorker)} workers`;
  return { count, because: `${formula}, at most ${most}; ${now}` };
}
