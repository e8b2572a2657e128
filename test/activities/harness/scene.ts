/** A world of its own for one case: fresh objects, fresh artifacts, an incident that nobody else has. */

import { writes } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { done, planned } from '../outcomes.ts';
import { type Activities, at, type Product, type Stage } from '../stage.ts';
import type { Call, Plan, Receipt } from '../../../workflows/contract/index.ts';
import type { Act, Case, ListCase, ListSituation, SettingCase, Situation } from './case.ts';
import { objectsAt, type Objects } from './objects.ts';

type Options = NonNullable<Parameters<Stage['worker']>[0]>;

interface World<C extends Case, S> {
  on: Stage;
  of: C;
  situation: S;
  /** The key it is called with. */
  key: string;
  incident: string;
  /** One worker after the other, with the same artifacts. */
  worker: (options?: Options) => Activities;
  /** What was written since the world was ready, in order. */
  written: () => Promise<string[]>;
}
export interface Scene extends World<SettingCase, Situation> {
  objects: () => Promise<Objects>;
}
export type ListScene = World<ListCase, ListSituation>;

/** How laws come by their worlds: each call makes a new one. */
export interface Theatre {
  on: Stage;
  product?: Product;
}

const alone = ['kubernetes', 'dynex', 'statuspage'];
const besides: Partial<Record<Case['to'], string[]>> = {
  api: ['api', 'operatorApi'],
  ipfs: ['kubo', 'operatorApi'],
  stripe: ['stripe'],
  silences: ['silences'],
  rds: ['rds'],
  mail: ['mail', 'operatorApi'],
};
const connectedFor = ({ to }: Case) => [...alone, ...(besides[to] ?? [])];

export async function settingScene(theatre: Theatre, of: SettingCase): Promise<Scene> {
  const world = await worldFor(theatre, of, prepared => of.world(prepared));
  return { ...world, objects: () => objectsAt(world.on, world.situation.touches, world.incident) };
}

export const listScene = (theatre: Theatre, of: ListCase): Promise<ListScene> =>
  worldFor(theatre, of, prepared => of.world(prepared));

async function worldFor<C extends Case, S extends { systems?: object }>(
  { on, product }: Theatre,
  of: C,
  make: (prepared: Parameters<C['world']>[0]) => Promise<S>,
): Promise<World<C, S>> {
  await on.reset();
  const incident = `run-${crypto.randomUUID().slice(0, 8)}`;
  const key = `${incident}/Phase/Step/1`;
  const platform = of.platform?.(on.platform) ?? on.platform;
  const common: Options = { folder: incident, platform, connected: connectedFor(of), ...(product && { product }) };
  const first = on.worker(common);
  const carriedOut = (act: Act, key: string) => approvedDone(act, first, key);
  const situation = await make({ on, worker: first, incident, key, carriedOut });
  const { systems = {} } = situation;
  const worker = (options: Options = {}) => on.worker({ ...common, systems, ...options });
  const before = (await writtenOn(on, incident)).length;
  const written = async () => (await writtenOn(on, incident)).slice(before);
  return { on, of, situation, incident, key, worker, written };
}

/** All that our workers have written, to the API server by its audit log and to the status page by its record. */
async function writtenOn(on: Stage, incident: string): Promise<string[]> {
  await audited(on);
  const ours = on.messages.filter(({ system, key }) => system === 'statuspage' && key === incident);
  const pages = ours.map(({ text }) => `publish ${text}`);
  return [...(await on.writes()).map(({ what }) => what), ...pages, ...on.intakes];
}

/** The audit log is a moment behind: what stands before our mark is in it once the mark is. */
async function audited({ you, cluster }: Stage): Promise<void> {
  const mark = crypto.randomUUID();
  await you.patch(at.quota, { metadata: { annotations: { mark } } });
  await eventually(
    async () => {
      const { body } = (await writes(cluster.auditLog, ['you'])).at(-1) ?? {};
      if (!JSON.stringify(body ?? '').includes(mark)) throw new Error('The audit log is behind');
    },
    { every: 10 },
  );
}

export const plannedBy = async (act: Act, by: Activities, key: string): Promise<Plan> =>
  planned(await act(by, { key, dryRun: true }));

/** The call that carries the approval of what is planned now. */
export async function approvedCall(act: Act, by: Activities, key: string): Promise<Call> {
  return { key, approved: (await plannedBy(act, by, key)).digest };
}

export const approvedDone = async (act: Act, by: Activities, key: string): Promise<Receipt> =>
  done(await act(by, await approvedCall(act, by, key)));

/** How many writes a plan comes to: one for each object. */
export const countOf = ({ changes }: Pick<Plan, 'changes'>) => new Set(changes.map(({ target }) => target)).size;
