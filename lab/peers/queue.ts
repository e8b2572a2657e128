/** The jobs of the practice world in Redis, in Celery's layout: those that no pod has taken up wait, those that run are not acknowledged. */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { z } from 'zod';
import type { Stoppable } from '../in-order.ts';
import { type Job, jobsInFlight, jobsWaiting, PodRecord, type World } from '../world.ts';
import { readState } from '../world/file.ts';
import { StateChange } from '../world/systems.ts';

const queues = { worker: 'default', batch: 'batch' } as const;
const unacked = 'unacked';
/** As workers of Celery declare theirs. */
const declared = [...Object.values(queues), 'quantum_batch'].map(queue => [queue, '', queue].join('\x06\x16'));

/** Writes it every second, until stopped. @param practice folder of the records @throws when Redis does not answer at first */
export async function keepQueue(practice: string, url: string): Promise<Stoppable> {
  const client = createClient({ url, RESP: 2 });
  // It comes back by itself; until then nothing waits.
  client.on('error', () => undefined);
  await client.connect();
  const stopped = new AbortController();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await write(worldIn(practice), Date.now(), client.multi()).catch(() => undefined);
      await pause(1_000, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      client.destroy();
      await loop;
    },
  };
}

/** As the recorder has written it. */
const worldIn = (practice: string): World => ({
  pods: readState(join(practice, 'world.json'), z.array(PodRecord), []),
  systems: readState(join(practice, 'systems.json'), z.array(StateChange), []),
});

type Writing = ReturnType<ReturnType<typeof createClient>['multi']>;

/** All at once: whoever reads meanwhile sees the one or the other. */
async function write(world: World, now: number, writing: Writing): Promise<void> {
  writing.del([...Object.values(queues), unacked]);
  writing.sAdd('_kombu.binding.celery', declared);
  for (const job of jobsWaiting(world, now)) writing.lPush(queues[job.workload], messageOf(job));
  for (const job of jobsInFlight(world, now)) writing.hSet(unacked, idOf(job), messageOf(job));
  await writing.exec();
}

const idOf = ({ pod, began }: Job) => `${pod}-${began}`;
const messageOf = (job: Job) => JSON.stringify({ headers: { id: idOf(job), task: 'quantum.solve' } });
