/**
 * How many jobs wait in Redis, in Celery's layout: a list for each queue, one more for each priority, and one hash of all that is taken.
 * A list without jobs is not there, like that of a misspelt queue. What tells them apart are the sets in which Celery keeps which queues
 * were declared (kombu 5.7, transport/redis.py: `_kombu.binding.<exchange>`, with routing key, pattern and queue).
 */

import type { Redis } from '../connectors/redis.ts';
import { notConnected, quoted, SystemError } from '../connectors/system-error.ts';
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
  /** Why queues without jobs may not be there at all. */
  doubt: string | undefined;
}

/** Where the platform description names none. */
const usualQueues = ['default', 'batch', 'quantum_batch'];

/** Celery's own separator; a message without a priority lies in the list with the name alone. */
const separator = '\x06\x16';
const priorities = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const listsOf = (queue: string) => [queue, ...priorities.map(priority => `${queue}${separator}${priority}`)];

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
  const depth = queues.reduce((jobs, { waiting }) => jobs + waiting, 0);
  const empty = queues.filter(({ waiting }) => waiting === 0).map(({ name }) => name);
  return { depth, queues, unacked: hashes[0] ?? 0, doubt: await doubtOf(redis, empty) };
}

async function doubtOf(redis: Redis, empty: string[]): Promise<string | undefined> {
  if (empty.length === 0) return undefined;
  try {
    const declared = await declaredQueues(redis);
    const missing = empty.filter(name => !declared.includes(name));
    if (missing.length === 0) return undefined;
    const there = declared.slice(0, 10).join(', ') || 'none at all';
    return `Celery declared no queue ${missing.join(', ')} there; declared: ${quoted(there)}. Correct quantum.queues in the platform description, or REDIS_URL`;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return `Whether Celery declared ${empty.join(', ')} is not known: ${error.message}`;
  }
}

/** Before it a prefix of every key may stand (`global_keyprefix` of Celery's transport options). */
const bindings = '_kombu.binding.';

/** Queues of jobs by the names of their lists; workers declare others to talk to each other. */
async function declaredQueues(redis: Redis): Promise<string[]> {
  const sets = await redis.sets(`*${bindings}*`);
  const names = [...sets].flatMap(([key, members]) => {
    const [prefix = '', exchange = ''] = key.split(bindings);
    if (/(^celeryev|pidbox)$/.test(exchange)) return [];
    return members.map(member => `${prefix}${member.split(separator).at(-1) ?? ''}`);
  });
  return [...new Set(names)].toSorted();
}
