/** The first IPFS provider by the RPC of Kubo (https://docs.ipfs.tech/reference/kubo/rpc/), one's own or hosted. */

import { z } from 'zod';
import { basic, plainAddress, printed, under } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { accepted, type Answer, type Asked, sender, type Wire } from './http.ts';
import { answerOf, formOf, linesOf, refused, resolvesNowhere, succeeded, system } from './kubo-answers.ts';
import { fine, type Line } from './line.ts';

/** Every call throws SystemError. */
export interface Kubo {
  address: string;
  id: () => Promise<{ agent: string }>;
  /** HTTP status of a read with our credentials, or with these. */
  signIn: (project?: Project) => Promise<number>;
  peers: () => Promise<number>;
  /** Bytes, and the most of them where it has a limit. */
  storage: () => Promise<{ used: number; most: number | undefined }>;
  /** Adds and pins a text; answers its CID. */
  add: (content: string) => Promise<string>;
  pin: (cid: string) => Promise<void>;
  /** A pin that is not there is a success. */
  unpin: (cid: string) => Promise<void>;
  isPinned: (cid: string) => Promise<boolean>;
  pins: () => Promise<string[]>;
  /** Bytes of all its blocks; nothing where it does not resolve. */
  size: (cid: string) => Promise<number | undefined>;
  /** Nothing where it does not resolve within seconds. */
  cat: (cid: string) => Promise<string | undefined>;
  /** The same through a gateway, as anyone reads it. */
  through: (gateway: string, cid: string) => Promise<string | undefined>;
}

export interface Project {
  id: string;
  secret: string;
}

export interface KuboConfig {
  url: string;
  project?: Project | undefined;
}

const identity = z.looseObject({ ID: z.string(), AgentVersion: z.string().max(200).default('') });
const stat = z.looseObject({ RepoSize: z.number().min(0), StorageMax: z.number().min(0).optional() });
const swarm = z.looseObject({ Peers: z.array(z.unknown()).nullish() });
const added = z.looseObject({ Hash: z.string().min(1).max(200) });
const pinned = z.looseObject({ Pins: z.array(z.string()) });
const listed = z.looseObject({ Cid: z.string().max(200) });
/** The same text has the same CID, also where another version of Kubo has other defaults. */
const addedSo = { pin: 'true', 'cid-version': '1', 'raw-leaves': 'true', hash: 'sha2-256', chunker: 'size-262144' };
/** A list of all pins: some 400,000 of them. */
const mostOfPins = 32 * 1_048_576;
const sized = z.looseObject({ CumulativeSize: z.number().min(0) });

export function connectKubo({ url, project }: KuboConfig, wire: Wire): Kubo {
  const send = sender(system, wire);
  const headers: Record<string, string> = project ? { authorization: basic(project.id, project.secret) } : {};
  const call = (path: string, query: Record<string, string> = {}, asked: Asked = {}): Promise<Answer> =>
    send(`${under(url, `/api/v0/${path}`)}?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      ...asked,
      headers: { ...headers, ...asked.headers },
    });
  const read = async <T>(schema: z.ZodType<T>, path: string, query?: Record<string, string>) =>
    answerOf(schema, await call(path, query));
  return {
    address: printed(url),
    id: async () => ({ agent: (await read(identity, 'id')).AgentVersion }),
    signIn: async other =>
      (await call('id', {}, { headers: other ? { authorization: basic(other.id, other.secret) } : {} })).status,
    peers: async () => (await read(swarm, 'swarm/peers')).Peers?.length ?? 0,
    async storage() {
      const { RepoSize, StorageMax } = await read(stat, 'repo/stat', { 'size-only': 'true' });
      return { used: RepoSize, most: StorageMax };
    },
    add: async content => answerOf(added, await call('add', addedSo, formOf(content))).Hash,
    async pin(cid) {
      await read(pinned, 'pin/add', { arg: cid });
    },
    async unpin(cid) {
      const answer = await call('pin/rm', { arg: cid });
      if (refused(answer, /not pinned/)) return;
      answerOf(pinned, answer);
    },
    async isPinned(cid) {
      const answer = await call('pin/ls', { arg: cid, type: 'recursive', stream: 'true' });
      return refused(answer, /not pinned|invalid path/) ? false : linesOf(listed, answer).length > 0;
    },
    async pins() {
      const answer = await call('pin/ls', { type: 'recursive', stream: 'true' }, { most: mostOfPins });
      return linesOf(listed, answer).map(({ Cid }) => Cid);
    },
    async size(cid) {
      const answer = await call('files/stat', { arg: `/ipfs/${cid}`, timeout: '5s' });
      return resolvesNowhere(answer) ? undefined : answerOf(sized, answer).CumulativeSize;
    },
    async cat(cid) {
      const answer = await call('cat', { arg: cid, timeout: '5s' });
      return resolvesNowhere(answer) ? undefined : succeeded(answer).text;
    },
    async through(gateway, cid) {
      const name = `The gateway ${printed(gateway)}`;
      const answer = await sender(name, wire)(under(gateway, `/ipfs/${encodeURIComponent(cid)}`), { within: patience });
      return gone.includes(answer.status) ? undefined : accepted(name, answer).text;
    },
  };
}

/** Milliseconds: a gateway looks for what it does not have. */
const patience = 8_000;
/** A gateway's words for what it has not found. */
const gone = [404, 410, 504];

const check = 'IPFS';

async function examine({ system: kubo }: Pick<Seen<KuboConfig, Kubo>, 'system'>): Promise<Line> {
  if (!kubo) return fine(check, 'is not connected: pins are unknown, and none is made again. To connect it, set IPFS_API_URL.');
  const { agent } = await kubo.id();
  return fine(check, `answers as ${agent || 'a pinning API'}.`);
}

export const kuboSystem = describeSystem({
  variables: z.object({
    IPFS_API_URL: plainAddress.optional().register(documented, {
      means: 'the RPC of the first IPFS provider: its address without /api/v0',
      without: 'pins, storage and the records of the LTC on IPFS are unknown, and none is pinned again',
      example: 'https://ipfs.infura.io:5001',
    }),
    IPFS_PROJECT_ID: text.optional().register(documented, { means: 'signs in there, with IPFS_PROJECT_SECRET' }),
    IPFS_PROJECT_SECRET: text.optional().register(documented, { means: 'needs IPFS_PROJECT_ID as well', secret: true }),
  }),
  configure: ({ IPFS_API_URL: url, IPFS_PROJECT_ID: id, IPFS_PROJECT_SECRET: secret }): KuboConfig | undefined =>
    url ? { url, project: id && secret ? { id, secret } : undefined } : undefined,
  missing: ({ IPFS_API_URL: url, IPFS_PROJECT_ID: id, IPFS_PROJECT_SECRET: secret }) => [
    (id || secret) && !url && 'IPFS_API_URL is missing, but IPFS_PROJECT_ID or IPFS_PROJECT_SECRET is set',
    (id || secret) &&
      !(id && secret) &&
      `${id ? 'IPFS_PROJECT_SECRET' : 'IPFS_PROJECT_ID'} is missing: IPFS is signed in to with both`,
  ],
  connect: connectKubo,
  examined: { name: check, examine },
});
