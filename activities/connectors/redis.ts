/** Redis as Celery uses it, read only: how long lists and hashes are. One connection for one call, closed with it. */

import { createClient, ErrorReply } from '@redis/client';
import { z } from 'zod';
import { limits } from '../limits.ts';
import { printed } from './address.ts';
import { describeSystem, documented, type Given, type Seen, text } from './description.ts';
import { type Clock, inTime, unreachable } from './http.ts';
import { fine, type Line } from './line.ts';
import { quoted, SystemError } from './system-error.ts';

export interface Lengths {
  lists: number[];
  hashes: number[];
}

/** Every call throws SystemError. */
export interface Redis {
  address: string;
  /** In the order of their names; what does not exist is empty. */
  lengths: (of: { lists: string[]; hashes: string[] }) => Promise<Lengths>;
}

export interface RedisConfig {
  /** Asked at each call: the file that holds it may have changed. */
  url: () => string;
}

const system = 'Redis';

export function connectRedis({ url }: RedisConfig, { sleep }: Pick<Clock, 'sleep'>): Redis {
  return {
    get address() {
      return isRedis(url()) ? printed(url()) : schemeOf(url());
    },
    lengths: async of => {
      const address = url();
      if (!isRedis(address)) throw otherBroker(address);
      return inTime(sleep, over => measured(address, of, over)).catch(failed);
    },
  };
}

const isRedis = (address: string) => /^rediss?:\/\//.test(address);
const schemeOf = (address: string) => /^[a-z0-9+.-]*/i.exec(address)?.[0] ?? '';

const otherBroker = (address: string) =>
  new SystemError({
    system: 'The job queue',
    fault: 'answered',
    status: 406,
    text: `lies in a broker of the kind ${schemeOf(address)}, whose queues are not read: count its waiting jobs there, by hand`,
  });

/** Commands of one moment travel together. RESP2, and nothing sent but what is asked: a user may be allowed no more. */
async function measured(url: string, { lists, hashes }: { lists: string[]; hashes: string[] }, over: AbortSignal) {
  const socket = { connectTimeout: limits.call, reconnectStrategy: false } as const;
  const client = createClient({ url, socket, RESP: 2, disableClientInfo: true, maintNotifications: 'disabled' });
  // The call that is under way fails with it.
  client.on('error', () => undefined);
  const close = () => client.isOpen && client.destroy();
  over.addEventListener('abort', close);
  try {
    await client.connect();
    const [inLists, inHashes] = await Promise.all([
      Promise.all(lists.map(name => client.lLen(name))),
      Promise.all(hashes.map(name => client.hLen(name))),
    ]);
    return { lists: inLists, hashes: inHashes };
  } finally {
    close();
  }
}

interface Meaning {
  status: number;
  /** The next step for people, after a colon. */
  next: string;
}

/** By the first word of an error. */
const meanings: Record<string, Meaning> = {
  NOAUTH: { status: 401, next: ': put the user and the password into its address' },
  WRONGPASS: { status: 401, next: ': correct the password in its address' },
  NOPERM: { status: 403, next: ': allow its user LLEN and HLEN of the queues (docs/running-on-your-own.md)' },
  LOADING: { status: 503, next: '' },
  MASTERDOWN: { status: 503, next: '' },
};

/** No word of Redis repeats what we signed in with. */
function failed(error: unknown): never {
  if (error instanceof SystemError) throw error;
  if (!(error instanceof ErrorReply)) throw distrusted(unreachable(system, error));
  const [word = ''] = error.message.split(' ');
  const { status, next } = meanings[word] ?? { status: 406, next: '' };
  throw new SystemError({ system, fault: 'answered', status, text: `answered ${quoted(error.message)}${next}`, cause: error });
}

/** A certificate that no authority we know has signed. */
function distrusted(error: SystemError): SystemError {
  if (!/certificate/i.test(error.message)) return error;
  const text = `${error.message.slice(system.length + 1)}: name its authority in a file, NODE_EXTRA_CA_CERTS`;
  return new SystemError({ system, fault: error.fault, text, cause: error.cause });
}

async function examine({ system: redis }: Seen<RedisConfig, Redis>): Promise<Line> {
  if (!redis)
    return fine(system, 'is not connected: waiting jobs are counted in the pods of the API alone. To connect it, set REDIS_URL.');
  await redis.lengths({ lists: ['default'], hashes: ['unacked'] });
  return fine(system, `answers, and lets us count the jobs that wait: ${redis.address}.`);
}

/** Celery's own address wins: its queues are there. */
function addressIn({ variables, secrets }: Given): (() => string) | undefined {
  const name = (['CELERY_BROKER_URL', 'REDIS_URL'] as const).find(name => variables[name]);
  const first = name && variables[name];
  return name && first ? () => secrets(name) ?? first : undefined;
}

const isAddress = (address: string) => !isRedis(address) || URL.canParse(address);

export const redisSystem = describeSystem({
  variables: z.object({
    REDIS_URL: z
      .url({ protocol: /^rediss?$/, error: 'is not a redis or rediss address' })
      .optional()
      .register(documented, {
        means: 'redis://user:password@host:6379/0, or rediss:// with TLS: where Celery keeps its queues, which are only read',
        without: 'waiting jobs are counted in the pods of the API alone',
        secret: true,
      }),
    CELERY_BROKER_URL: text.refine(isAddress, 'is not a redis or rediss address').optional().register(documented, {
      means: 'the same by the name that Celery has for it, and wins; the queues of RabbitMQ or SQS are unknown',
      secret: true,
    }),
  }),
  configure: (_, given): RedisConfig | undefined => {
    const url = addressIn(given);
    return url && { url };
  },
  connect: connectRedis,
  examined: { name: system, examine },
});
