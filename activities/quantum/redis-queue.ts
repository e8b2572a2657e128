/** How many jobs wait in Redis. */

import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';

export interface RedisQueue {
  depth: number;
  queues: { name: string; waiting: number }[];
}

/** @throws SystemError */
export const redisQueue = async (_: Pick<Deps, 'systems' | 'platform'>): Promise<RedisQueue> => {
  throw notConnected('Redis', 'REDIS_URL');
};
