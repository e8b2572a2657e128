/** Redis as Celery uses it, read only: how long lists and hashes are, and what is in sets. One connection for one call, closed with it. */

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
  /** The members of each set whose key matches the pattern, by its key. */
  sets: (pattern: string) => Promise<Map<string, string[]>>;
}

export interface RedisConfig {
  /** Asked at each call: the file that holds it may have changed. */
  url: () => string;
}

const system = 'Redis';

export function connectRedis({ url }: RedisConfig, { sleep }: Pick<Clock, 'sleep'>): Redis {
  async function asked<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    const address = url();
    if (!isRedis(address)) throw otherBroker(address);
    return inTime(sleep, over => onceConnected(address, ask, over)).catch(failed);
  }
  return {
    get address() {
      return isRedis(url()) ? printed(url()) : schemeOf(url());
    },
    lengths: of => asked(client => lengthsIn(client, of)),
    sets: pattern => asked(client => setsIn(client, pattern)),
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

type Client = ReturnType<typeof clientOf>;

/** RESP2, and nothing sent but what is asked: a user may be allowed no more. */
function clientOf(url: string) {
  const socket = { connectTimeout: limits.call, reconnectStrategy: false } as const;
  return createClient({ url, socket, RESP: 2, disableClientInfo: true, maintNotifications: 'disabled' });
}

async function onceConnected<T>(url: string, ask: (client: Client) => Promise<T>, over: AbortSignal): Promise<T> {
  const client = clientOf(url);
  // The call that is under way fails with it.
  client.on('error', () => undefined);
  const close = () => client.isOpen && client.destroy();
  over.addEventListener('abort', close);
  try {
    await client.connect();
    return await ask(client);
  } finally {
    close();
  }
}

/** Commands of one moment travel together. */
async function lengthsIn(client: Client, { lists, hashes }: { lists: string[]; hashes: string[] }): Promise<Lengths> {
  const [inLists, inHashes] = await Promise.all([
    Promise.all(lists.map(name => client.lLen(name))),
    Promise.all(hashes.map(name => client.hLen(name))),
  ]);
  return { lists: inLists, hashes: inHashes };
}

/** In steps that hold up no one else: results of jobs may lie beside by the million. */
async function setsIn(client: Client, pattern: string): Promise<Map<string, string[]>> {
  const keys = new Set<string>();
  for await (const some of client.scanIterator({ MATCH: pattern, COUNT: 1_000 })) for (const key of some) keys.add(key);
  const members = [...keys].map(async (key): Promise<[string, string[]]> => [key, await client.sMembers(key)]);
  return new Map(await Promise.all(members));
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
  NOPERM: { status: 403, next: ': allow its user to count queues and to see which there are (docs/running-on-your-own.md)' },
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
