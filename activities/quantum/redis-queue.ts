/** How many jobs wait in Redis, in Celery's layout: a list for each queue, one more for each priority, and one hash of all that is taken. */

import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';

export interface QueueDepth {
  name: string;
  waiting: number;
}

export interface RedisQueue {
  /** Jobs that wait, of all queues. */
  depth: number;
  queues: QueueDepth[];
  /** Taken by workers and not acknowledged: they run, or wait in a worker. */
  unacked: number;
}

/** Where the platform description names none. */
const usualQueues = ['default', 'batch', 'quantum_batch'];

/** Celery's own separator; a message without a priority lies in the list with the name alone. */
const priorities = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const listsOf = (queue: string) => [queue, ...priorities.map(priority => `${queue}\x06\x16${priority}`)];

/** @throws SystemError */
export async function redisQueue({ systems: { redis }, platform }: Pick<Deps, 'systems' | 'platform'>): Promise<RedisQueue> {
  if (!redis) throw notConnected('Redis', 'REDIS_URL');
  const names = platform.quantum?.queues ?? usualQueues;
  const perQueue = 1 + priorities.length;
  const { lists, hashes } = await redis.lengths({ lists: names.flatMap(listsOf), hashes: ['unacked'] });
  const queues = names.map((name, place): QueueDepth => {
    const own = lists.slice(place * perQueue, (place + 1) * perQueue);
    return { name, waiting: own.reduce((jobs, length) => jobs + length, 0) };
  });
  return { depth: queues.reduce((jobs, { waiting }) => jobs + waiting, 0), queues, unacked: hashes[0] ?? 0 };
}
