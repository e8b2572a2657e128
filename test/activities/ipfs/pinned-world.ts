/** A real Kubo whose pins are those of the practice LTC, and a pinning service as the second provider, in the state that a test says. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectArtifacts } from '../../../activities/connectors/artifacts.ts';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { connectAll } from '../../../activities/connectors/index.ts';
import { connectKubo } from '../../../activities/connectors/kubo.ts';
import { createActivities } from '../../../activities/index.ts';
import type { Platform } from '../../../activities/platform.ts';
import { binary } from '../../../lab/binaries.ts';
import { type Kubo, startKubo } from '../../../lab/peers/kubo.ts';
import { freePorts } from '../../../lab/ports.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { type LtcEntry, pinnedText } from '../../../lab/stand-ins/platform/ltc.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { pinning } from '../../../lab/stand-ins/pinning.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { type CustomerWorld, customersOn, type State } from '../../../lab/world/customers.ts';
import type { State as SystemState } from '../../../lab/world/systems.ts';
import { aPlatform, armed, running } from '../bare.ts';

const clock = { now: Date.now, sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, { signal }) };
const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
const say = (line: string) => void process.stderr.write(`${line}\n`);

export type PinnedWorld = Awaited<ReturnType<typeof pinnedWorld>>;

export async function pinnedWorld() {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-pinned-'));
  const [port = 0, gateway = 0] = await freePorts(2);
  const node: Kubo = await startKubo({ dir, port, gateway, binary: await binary('ipfs', { say }), say: () => undefined });
  const kubo = connectKubo({ url: node.url }, { ...clock, fetch: globalThis.fetch });
  let customers: CustomerWorld = customersOn(memory, Date.now());
  const second = secondProvider(cid => kubo.cat(cid).then(content => content !== undefined));
  const api = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => ({ pods: [], systems: [], customers })).fetch;

  return {
    kubo,
    second,
    gateway: node.gateway,
    artifacts: connectArtifacts({ folder: join(dir, 'artifacts') }),
    /** RFC 3339. */
    hoursAgo: (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString(),
    /** The LTC as a test says it is. */
    ltc: (ltc: Partial<State['ltc']>) => {
      const made = customersOn(memory, Date.now());
      customers = customersOn(memory, Date.now(), { ltc: { ...made.read().ltc, ...ltc } });
    },
    /** Each entry of the last hours is pinned as the platform does it. */
    async pinAll(hours: number) {
      const entries = await entriesOf(api, new Date(Date.now() - hours * 3_600_000).toISOString());
      for (const entry of entries) await kubo.add(pinnedText(entry));
      return entries;
    },
    activities: ({ alone, daysLater = 0, between = fetch => fetch, gateways = [], ...ipfs }: Options = {}) =>
      createActivities({
        platform: { ...aPlatform, ipfs: aPlatform.ipfs && { ...aPlatform.ipfs, ...ipfs, gateways } } satisfies Platform,
        systems: connectAll(
          {
            artifacts: { folder: join(dir, 'artifacts') },
            kubernetes: { fetch: armed },
            kubo: { url: node.url, fetch: between(globalThis.fetch) },
            operatorApi: { url: 'http://api', token: tokens.operator, fetch: between(api) },
            ...(!alone && { pinning: { url: 'http://pinning', token: 'ours', fetch: second.fetch } }),
          },
          clock,
        ),
        ...clock,
        now: () => Date.now() + daysLater * 86_400_000,
        running,
      }),
    async stop() {
      await node.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface Options extends Partial<NonNullable<Platform['ipfs']>> {
  /** Without a second provider. */
  alone?: boolean;
  /** The clock of the worker is so far ahead. */
  daysLater?: number;
  /** Stands between the activities and both the first provider and the LTC. */
  between?: (fetch: Fetch) => Fetch;
}

/** A hundred times as fast as our clock; what nothing provides is lost to it. */
function secondProvider(provides: (cid: string) => Promise<boolean>) {
  const begun = Date.now();
  const set: { state: SystemState; lost: boolean } = { state: 'healthy', lost: false };
  const around = surroundings({ now: () => begun + (Date.now() - begun) * 100, state: () => set.state });
  const ipfs = { provides: async (cid: string) => !set.lost && (await provides(cid)) };
  const app = pinning(around, () => ({ ipfs }));
  return {
    set,
    fetch: app.fetch,
    /** CIDs that it has pinned, as another client of it reads them. */
    async pinned(): Promise<string[]> {
      const answer = await app.request('/pins?limit=1000', { headers: { authorization: 'Bearer another' } });
      const { results }: { results: { pin: { cid: string } }[] } = JSON.parse(await answer.text());
      return results.map(({ pin }) => pin.cid);
    },
  };
}

async function entriesOf(api: Fetch, since: string): Promise<LtcEntry[]> {
  const url = `http://api/v1/ltc/entries?${new URLSearchParams({ since, limit: '500' }).toString()}`;
  const answer = await api(new Request(url, { headers: { authorization: `Bearer ${tokens.operator}` } }));
  const { entries }: { entries: LtcEntry[] } = JSON.parse(await answer.text());
  return entries;
}
