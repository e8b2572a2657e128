import type { PodsFacts, QueueFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';

interface Found {
  queue: Finding<QueueFacts>;
  pods: Finding<PodsFacts>;
}

interface Wanted {
  workers: number | undefined;
  /** Jobs in ten minutes, where no rate is measured. */
  perWorker: number;
}

/** The ceiling of the worker’s autoscaler. */
const most = 10;

/** How many workers finish the queue in ten minutes, and how that is computed; nothing where its depth is not known. */
export function workersFor({ queue, pods }: Found, { workers, perWorker }: Wanted): { count?: number; because: string } {
  const { depth, completions } = queue.facts ?? {};
  const { ready } = pods.facts ?? {};
  const now = `${ready ?? 'an unknown number of'} workers run now.`;
  if (workers !== undefined) return { count: workers, because: `${workers} were asked for; ${now}` };
  if (depth === undefined)
    return { because: `The depth of the queue is not known, so nothing was scaled. ${queue.evidence} Name a count: --workers` };
  const measured = completions && ready ? (10 * completions) / ready : undefined;
  const rate = measured ?? perWorker;
  const wanted = Math.max(1, Math.ceil(depth / rate));
  const each = `one worker finishes ${Number(rate.toPrecision(2))} in 10 minutes (${measured ? 'measured' : 'not measured'})`;
  return {
    count: Math.min(most, wanted),
    because: `${depth} jobs wait, and ${each}: ${wanted} workers, at most ${most}; ${now}`,
  };
}

/** Bounds of a later check: fewer jobs wait, and the oldest for no longer than it did. */
export function shorterThan({ facts: { depth = 100, oldest = 0 } = {} }: Finding<QueueFacts>) {
  return { below: Math.max(1, depth), youngerThan: Math.max(5, oldest) };
}
