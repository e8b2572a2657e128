/** All stand-ins of the practice platform, served on loopback and kept in its folder. */

import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Hono } from 'hono';
import { z } from 'zod';
import type { IntakeChange, World } from '../world.ts';
import { customersOn, practising } from '../world/customers.ts';
import { readState, writeState } from '../world/file.ts';
import { keepPinned, networkOf } from '../world/ipfs.ts';
import { startRecorder } from '../world/recorder.ts';
import { StateChange, stateAt } from '../world/systems.ts';
import { control } from './control.ts';
import { ofEach, type PracticeSystem, practiceSystems, standIns } from './index.ts';
import { listen, type Served } from './listen.ts';
import { type Message, type Shelf, type Surroundings, surroundings } from './stand-in.ts';

const port = z.number().int().min(0).max(65_535);

export const StandInsConfig = z.strictObject({
  /** One a system, and one for `PUT /systems/<system>`; 0 takes a free one. */
  ports: z.strictObject({ ...ofEach(() => port), control: port }),
  /** Folder that keeps states, records and what vendors keep. */
  practice: z.string().min(1),
  /** File to which every message is appended as one line of JSON. */
  messages: z.string().min(1),
  /** Without one there are no pods, and so no jobs. */
  kubeconfig: z.string().min(1).optional(),
  namespace: z.string().min(1).default('nqba-platform'),
  /** The label `app` of each workload that runs jobs. */
  apps: z.strictObject({ worker: z.string(), batch: z.string() }).default({ worker: 'nqba-worker', batch: 'nqba-worker-batch' }),
  /** The Deployment that serves the API. */
  api: z.string().min(1).default('nqba-api'),
  /** RPC of the Kubo that is the network of IPFS; without one all content is taken to be there. */
  ipfs: z.url().optional(),
});
export type StandInsConfig = z.input<typeof StandInsConfig>;

export interface StandIns {
  /** `http://127.0.0.1:<port>` of each. */
  urls: Record<PracticeSystem | 'control', string>;
  world: () => World;
  stop: () => Promise<void>;
}

/** Serves until stopped. @throws LabError when a port is taken or the practice folder cannot be read. */
export async function serveStandIns(given: StandInsConfig, now: () => number = Date.now): Promise<StandIns> {
  const config = StandInsConfig.parse(given);
  mkdirSync(join(config.practice, 'stand-ins'), { recursive: true });
  mkdirSync(dirname(config.messages), { recursive: true });
  appendFileSync(config.messages, '');
  const history = kept(join(config.practice, 'systems.json'));
  const { kubeconfig, ipfs: kubo } = config;
  const intake: IntakeChange[] = [];
  const customers = customersOn(shelfIn(join(config.practice, 'customers.json')), now(), practising);
  const pins = kubo === undefined ? undefined : await keepPinned(kubo, customers, now);
  const ipfs = kubo === undefined ? undefined : networkOf(kubo);
  const recorder = kubeconfig ? startRecorder({ ...config, kubeconfig, now }) : undefined;
  const world = () => ({
    ...(ipfs && { ipfs }),
    intake,
    customers,
    pods: recorder?.pods() ?? [],
    api: recorder?.api() ?? [],
    sets: recorder?.sets() ?? [],
    edge: recorder?.edge() ?? [],
    systems: history.read(),
  });
  const around = (system: PracticeSystem) => surroundingsOf(system, config, history.read, now);
  const vendors = ofEach(system => standIns[system].serve(around(system), world));
  const apps = { ...vendors, control: control({ now, history: history.read, change: history.write, customers }) };
  const served = await listenAll(apps, config.ports).catch(async (error: unknown) => {
    await Promise.all([recorder?.stop(), pins?.stop()]);
    throw error;
  });
  return {
    urls: served.urls,
    world,
    async stop() {
      await Promise.all([recorder?.stop(), pins?.stop(), served.close()]);
    },
  };
}

function surroundingsOf(
  system: PracticeSystem,
  { practice, messages }: z.infer<typeof StandInsConfig>,
  history: () => readonly StateChange[],
  now: () => number,
): Surroundings {
  return surroundings({
    now,
    state: () => stateAt(history(), system, now()),
    record: message => appendFileSync(messages, line(message, now())),
    shelf: shelfIn(join(practice, 'stand-ins', `${system}.json`)),
  });
}

const line = (message: Message, now: number) => `${JSON.stringify({ time: new Date(now).toISOString(), ...message })}\n`;

const shelfIn = (file: string): Shelf => ({
  read: (schema, otherwise) => readState(file, schema, otherwise),
  write: state => writeState(file, state),
});

/** The history of states, which outlives the process. */
interface Kept {
  read: () => readonly StateChange[];
  write: (next: StateChange[]) => void;
}

function kept(file: string): Kept {
  let history = readState(file, z.array(StateChange), []);
  return {
    read: () => history,
    write(next: StateChange[]) {
      writeState(file, next);
      history = next;
    },
  };
}

type Name = PracticeSystem | 'control';

async function listenAll(apps: Record<Name, Hono>, ports: Record<Name, number>) {
  const open: Served[] = [];
  const close = async () => {
    await Promise.all(open.map(served => served.close()));
  };
  const at = async (name: Name) => {
    const served = await listen(name, apps[name], ports[name]);
    open.push(served);
    return served.url;
  };
  try {
    const urls = ofEach(() => '');
    for (const system of practiceSystems) urls[system] = await at(system);
    return { urls: { ...urls, control: await at('control') }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
