/** The second IPFS provider, by the API that pinning services share: https://ipfs.github.io/pinning-services-api-spec/ */

import { z } from 'zod';
import { plainAddress, printed, under } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { type Answer, accepted, type Asked, jsonOf, parsed, sender, type Wire } from './http.ts';
import { fine, type Line } from './line.ts';
import { quoted, SystemError } from './system-error.ts';

/** The service's own words for where a pin stands. */
const statuses = ['queued', 'pinning', 'pinned', 'failed'] as const;

export interface ServicePin {
  /** `requestid`: it may change while the CID stays. */
  id: string;
  cid: string;
  status: (typeof statuses)[number];
  /** Its reason, where it failed. */
  says?: string | undefined;
}

/** Every call throws SystemError. A service without room or funds is 402. */
export interface PinningService {
  address: string;
  /** HTTP status of a read with our token. @throws SystemError where an error lies in a success */
  signIn: () => Promise<number>;
  /** How many are pinned. */
  count: () => Promise<number>;
  /** A request for it that is pinned, else the newest; nothing where there is none. Answers about other content do not count. */
  find: (cid: string) => Promise<ServicePin | undefined>;
  pin: (cid: string, name: string) => Promise<ServicePin>;
  /** One that is not there is a success. */
  unpin: (id: string) => Promise<void>;
}

export interface PinningConfig {
  url: string;
  token: string;
}

const system = 'The second IPFS provider';
const all = statuses.join(',');
/** Requests for the same content that are looked through. */
const perContent = '100';

const pinStatus = z
  .looseObject({
    requestid: z.string().min(1).max(200),
    status: z.enum(statuses),
    pin: z.looseObject({ cid: z.string().min(1).max(200) }),
    info: z.looseObject({ status_details: z.string().optional() }).nullish(),
  })
  .transform(({ requestid, status, pin, info }): ServicePin => {
    const says = info?.status_details;
    return { id: requestid, cid: pin.cid, status, says: says === undefined ? undefined : quoted(says) };
  });
const results = z.looseObject({ count: z.int().min(0), results: z.array(pinStatus).max(1000) });
const failure = z.looseObject({ error: z.looseObject({ reason: z.string(), details: z.string().optional() }) });

export function connectPinning({ url, token }: PinningConfig, wire: Wire): PinningService {
  const send = sender(system, wire);
  const call = (path: string, asked: Asked = {}) =>
    send(under(url, path), { ...asked, headers: { ...asked.headers, authorization: `Bearer ${token}` } });
  const list = async (query: Record<string, string>) =>
    parsed(system, results, succeeded(await call(`/pins?${new URLSearchParams(query).toString()}`)));
  return {
    address: printed(url),
    async signIn() {
      const answer = await call('/pins?limit=1');
      if (answer.status < 300) succeeded(answer);
      return answer.status;
    },
    count: async () => (await list({ status: 'pinned', limit: '1' })).count,
    async find(cid) {
      const { results } = await list({ cid, status: all, limit: perContent });
      const ofIt = results.filter(one => one.cid === cid);
      return ofIt.find(({ status }) => status === 'pinned') ?? ofIt[0];
    },
    async pin(cid, name) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ cid, name });
      const pin = parsed(system, pinStatus, succeeded(await call('/pins', { method: 'POST', headers, body })));
      if (pin.cid === cid) return pin;
      throw new SystemError({ system, fault: 'garbled', text: `was asked to pin ${cid} and answered about ${quoted(pin.cid)}` });
    },
    async unpin(id) {
      const answer = await call(`/pins/${encodeURIComponent(id)}`, { method: 'DELETE' });
      if (answer.status !== 404) succeeded(answer);
    },
  };
}

/** @throws SystemError with its reason, also where that comes with a success; `INSUFFICIENT_FUNDS` is 409 there, and no conflict. */
function succeeded(answer: Answer): Answer {
  const { error } = failure.safeParse(jsonOf(answer.text)).data ?? {};
  if (!error) return accepted(system, answer);
  const said = quoted([error.reason, error.details].filter(Boolean).join(': '));
  const isSuccess = answer.status < 300;
  const status = error.reason === 'INSUFFICIENT_FUNDS' ? 402 : answer.status;
  const text = isSuccess ? `answered ${answer.status} with an error inside: ${said}` : `answered ${answer.status}: ${said}`;
  throw new SystemError({ system, fault: isSuccess && status < 300 ? 'garbled' : 'answered', status, text });
}

const check = 'The second IPFS provider';

async function examine({ system: pinning }: Pick<Seen<PinningConfig, PinningService>, 'system'>): Promise<Line> {
  if (!pinning)
    return fine(check, 'is not connected: no pin is removed. To connect it, set IPFS_BACKUP_URL and IPFS_BACKUP_TOKEN.');
  return fine(check, `answers: ${await pinning.count()} pins.`);
}

export const pinningSystem = describeSystem({
  variables: z.object({
    IPFS_BACKUP_URL: plainAddress.optional().register(documented, {
      means: 'the second IPFS provider, a pinning service; needs IPFS_BACKUP_TOKEN as well',
      without: 'nothing is pinned a second time, so no pin is ever removed from the first provider',
      example: 'https://api.pinata.cloud/psa',
    }),
    IPFS_BACKUP_TOKEN: text.optional().register(documented, { means: 'its access token', secret: true }),
  }),
  configure: ({ IPFS_BACKUP_URL: url, IPFS_BACKUP_TOKEN: token }): PinningConfig | undefined =>
    url && token ? { url, token } : undefined,
  missing: ({ IPFS_BACKUP_URL: url, IPFS_BACKUP_TOKEN: token }) => [
    url && !token && 'IPFS_BACKUP_TOKEN is missing, but IPFS_BACKUP_URL is set',
    token && !url && 'IPFS_BACKUP_URL is missing, but IPFS_BACKUP_TOKEN is set',
  ],
  connect: connectPinning,
  examined: { name: check, examine },
});
