/** A real Kubo behind the stage, started by the first who calls it, and what workers have written to it and to the LTC. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fetch } from '../../activities/connectors/http.ts';
import { binary } from '../../lab/binaries.ts';
import { type Kubo, startKubo } from '../../lab/peers/kubo.ts';
import { freePorts } from '../../lab/ports.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);

export function lazyKubo() {
  let starting: Promise<{ kubo: Kubo; dir: string }> | undefined;
  const start = async () => {
    const dir = await mkdtemp(join(tmpdir(), 'nqba-kubo-'));
    const [port = 0, gateway = 0] = await freePorts(2);
    return { dir, kubo: await startKubo({ dir, port, gateway, binary: await binary('ipfs', { say }), say: () => undefined }) };
  };
  const started = () => (starting ??= start());
  const fetch: Fetch = async request => {
    const { kubo } = await started();
    const { pathname, search } = new URL(request.url);
    const type = request.headers.get('content-type');
    const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
    return globalThis.fetch(`${kubo.url}${pathname}${search}`, { method: 'POST', headers, body: await request.text() });
  };
  return {
    fetch,
    /** Until it runs: no call has so long to wait. */
    async ready() {
      await started();
    },
    async stop() {
      if (!starting) return;
      const { kubo, dir } = await starting;
      await kubo.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Keeps what is put somewhere. */
export const noting =
  (noted: string[], fetch: Fetch): Fetch =>
  async request => {
    const answer = await fetch(request);
    const pinned = pinWriteOf(request);
    if (answer.ok && pinned !== undefined) noted.push(pinned);
    else if (request.method === 'PUT' && answer.ok) noted.push(`put ${new URL(request.url).pathname}`);
    return answer;
  };

/** Nothing for a read. */
function pinWriteOf({ method, url }: Request): string | undefined {
  const { pathname, searchParams } = new URL(url);
  const [, id] = /\/ltc\/entries\/([^/]+)\/ipfs_reference$/.exec(pathname) ?? [];
  if (method === 'PUT' && id !== undefined) return `refer/${id}`;
  return pathname.endsWith('/pin/rm') ? `unpin/${searchParams.get('arg')}` : undefined;
}

/** Kubo's RPC is called by POST, whatever it does. */
export const readsKubo = ({ url }: Request) => {
  const { host, pathname } = new URL(url);
  return host === 'kubo' && !/\/(add|pin\/add|pin\/rm)$/.test(pathname);
};
