/** One workload gives a replica back, so that the quota has room for a rollout. It returns when the incident recovers, or by undo. */

import { z } from 'zod';
import type { Effect, Outcome, Plan } from '../../workflows/contract/action.ts';
import { type Workload, workloads } from '../../workflows/contract/vocabulary.ts';
import { stopped } from '../failures.ts';
import { type Errand, forbidding } from '../guard.ts';
import { limits } from '../limits.ts';
import { holdConfigMap } from '../platform.ts';
import { begin, begun } from '../setting/begun.ts';
import { type Around, byDryRun, inFlight, plannedAnew, unapproved } from '../setting/change.ts';
import { ownersOf } from '../setting/plan.ts';
import { restore } from './return.ts';
import { giverIn, lacking, lookForRoom, reluctance, type Room, type Scaled } from './room.ts';
import { carryOut, changesOf, digestOfWrites, stillFit, toTake, writesSchema } from './writes.ts';

interface Giving extends Around {
  /** Whose rollout needs room. */
  roles: Workload[];
  errand: Errand;
}

/** It is kept while it is carried out, so that a retry goes on with the plan that was allowed. */
const draftSchema = z.object({ role: z.enum(workloads), writes: writesSchema });
type Draft = z.infer<typeof draftSchema>;

/** @throws SystemError, or a failure that says why nobody can give one. */
export const giveBackReplica = (roles: Workload[], errand: Errand, around: Around): Promise<Outcome> =>
  plannedAnew(() => attempt({ ...around, roles, errand }));

async function attempt(giving: Giving): Promise<Outcome> {
  const { kubernetes, deps, call, running, roles } = giving;
  const { artifacts } = deps.systems;
  running.heartbeat();
  const room = await lookForRoom(kubernetes, deps.platform, roles);
  const former = await begun(artifacts, call.key, nameOf(giving), draftSchema);
  if (former && fits(former, room)) return carriedOut(former, room, giving);
  if (former) await restore(former.role, call.key, giving);
  if (lacking(room).length === 0) return roomAlready;

  const draft = draftIn(room, call.key);
  const plan = planOf(draft, room, await inFlight(deps));
  const because = (call.dryRun ? byDryRun : await allowing(giving)()) ?? (await unapproved(call, plan.digest, asked));
  if (because) return { planned: plan, because };
  await begin(artifacts, call.key, nameOf(giving), draft);
  return carriedOut(draft, room, giving);
}

const nameOf = ({ roles }: Giving) => `giveBackReplica ${roles.join()}`;
const asked = async () => 'People decide whether a workload does with one replica less.';
const allowing =
  ({ kubernetes, deps, errand }: Giving) =>
  () =>
    forbidding(kubernetes, holdConfigMap(deps.platform), errand);

function fits({ role, writes }: Draft, { givers }: Room): boolean {
  const now = givers.find(({ workload }) => workload.role === role);
  return now !== undefined && stillFit(writes, now);
}

/** @throws `Refused` when no replica would make room. */
function draftIn(room: Room, key: string): Draft {
  const giver = giverIn(room);
  if (giver) return { role: giver.workload.role, writes: toTake(giver, key) };
  throw stopped(
    'Refused',
    `No replica that can be given back would make room: ${others(room).join(' ')} Nothing was changed: raise the quota or make room by hand, then retry.`,
  );
}

/** Why the others give none. */
const others = ({ givers }: Room, giver?: Scaled): string[] =>
  givers
    .filter(one => one !== giver)
    .map(one => `${one.workload.name} gives none: ${reluctance(one) ?? (giver ? 'it has fewer' : 'its pods are too small')}.`);

function planOf({ role, writes }: Draft, room: Room, jobs: Map<string, number> | undefined): Plan {
  const giver = room.givers.find(({ workload }) => workload.role === role);
  const rolling = room.rolling.map(({ workload }) => workload.name).join(' and ');
  return {
    summary: `${giver?.workload.name} gives one replica back, so that the rollout of ${rolling} fits the quota.`,
    changes: changesOf(writes),
    consequences: [
      ...lacking(room).map(text => `${text}.`),
      ...(giver ? [lost(giver, jobs)] : []),
      'It returns when the incident has recovered, or by runbooks undo.',
      ...others(room, giver),
      ...(giver ? ownersOf([giver]) : []),
    ],
    digest: digestOfWrites(writes),
  };
}

function lost({ pods, workload }: Scaled, jobs: Map<string, number> | undefined): string {
  const running = jobs && pods.reduce((sum, { metadata }) => sum + (jobs.get(metadata.name) ?? 0), 0);
  const told = running === undefined ? 'unknown, Prometheus did not answer' : running;
  return `Jobs in flight on the ${pods.length} pods of ${workload.name}: ${told}. Kubernetes chooses which pod goes; its jobs finish where the worker drains, else they run again.`;
}

async function carriedOut(draft: Draft, room: Room, giving: Giving): Promise<Outcome> {
  const { kubernetes, call, running } = giving;
  const { heartbeat } = running;
  const because = await carryOut(draft.writes, { kubernetes, forbidden: allowing(giving), heartbeat });
  if (because) return { planned: planOf(draft, room, await inFlight(giving.deps)), because };
  const { namespace, name } = draft.writes.at(-1) ?? { namespace: '', name: '' };
  return {
    done: {
      note: `${name} has given one replica back. It returns when the incident has recovered.`,
      changes: changesOf(draft.writes),
      effect: await effectOf(giving),
      takeBack: { kind: 'Deployment', namespace, name, key: call.key },
    },
  };
}

/** Whether the rollout has room now: that, and not the replica, is what it was for. */
async function effectOf({ kubernetes, deps, running, roles }: Giving): Promise<Effect> {
  const until = deps.now() + limits.rollout;
  for (;;) {
    running.heartbeat();
    const short = lacking(await lookForRoom(kubernetes, deps.platform, roles));
    if (short.length === 0) return { measured: 'whole', text: 'The quota has room for the rollout.' };
    if (deps.now() >= until) return { measured: 'none', text: `The replica is given back, but still: ${short.join('; ')}.` };
    await deps.sleep(limits.look, running.signal);
  }
}

const roomAlready: Outcome = {
  done: {
    note: 'The quota has room for the rollout already: nothing was changed.',
    changes: [],
    effect: { measured: 'nothing to measure', text: 'The quota has room.' },
  },
};
