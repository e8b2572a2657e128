/**
 * The fewest replicas of a workload, raised: minReplicas of its autoscaler, or its replicas where it has none. Never below what
 * runs, never over the ceiling or the quota. Twice equals once: the floor is stated whole, and one that is there is not written.
 */

import type { Effect, Target } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { inCluster, workloadTarget } from '../engine/kubernetes-targets.ts';
import { restoring } from '../engine/restoring.ts';
import { interrupted, jobsByPod } from '../engine/rolling.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { livePods } from '../engine/templates.ts';
import { toSet, type Write } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { withoutHeadroom } from '../headroom.ts';
import { limits } from '../limits.ts';
import { allWorkloads, type PlacedWorkload, type Platform, workloadOf } from '../platform.ts';
import { blindness, fitting, type Floor, floorOf, isRaised, lookAtFloor, running, usedWith } from './floor.ts';
import { lookAtWorkload } from './workload-look.ts';
import { readWorkload } from '../engine/rollout.ts';

interface Raised {
  workload: Workload;
  /** `twice`: up to twice what runs now, as far as it fits. */
  atLeast: number | 'twice';
  /** The most that `twice` may come to. */
  atMost?: number;
  /** People are asked where the database or Dynex is not known to take more. */
  headroom?: true;
}

export const raiseFloor: Action<Raised> = {
  name: 'raiseFloor',
  async run(input, context) {
    const { atLeast } = input;
    if (atLeast !== 'twice' && !(Number.isInteger(atLeast) && atLeast >= 1 && atLeast <= 1000))
      throw stopped('BadInput', "A floor is 'twice' or a whole number from 1 to 1000: correct the step.");
    return runSetting(raising, input, context);
  },
  undo: restoring({
    targets: platform => allWorkloads(platform).flatMap(holdersOfFloor),
    summary: 'The workload may have as few replicas as before.',
    done: 'The floor is what it was before.',
    asksAbout: ({ field, now }, { holders }) => !holders.some(({ set }) => set[field] === now),
    tells: givenBack,
  }),
};

const holdersOfFloor = ({ hpa, ...place }: PlacedWorkload): Target[] => [
  ...(hpa === undefined ? [] : [inCluster('HorizontalPodAutoscaler', { namespace: place.namespace, name: hpa })]),
  workloadTarget(place),
];

const raising: Setting<Raised, Floor> = {
  name: 'raiseFloor',
  records: (platform, { workload }) => holdersOfFloor(workloadOf(platform, workload)),
  look: ({ workload }, { kubernetes, deps }) => lookAtFloor(kubernetes, deps.platform, workload),
  draft(floor, input, { call }) {
    const { place, now, field } = floor;
    if (running(floor) === 0) throw refused(`${place.name} is scaled to zero, so no floor holds.`, 'scale it to one by hand');
    const wanted = wantedOf(floor, input);
    const { fits, because } = fitting(floor, wanted);
    if (fits <= floorOf(floor) && because !== undefined)
      throw refused(`The floor of ${place.name} stays ${floorOf(floor)} instead of ${wanted}: ${because}.`, 'make room for more');
    const { key, until } = call;
    // One record of an incident: undone in turn, its own later raise would look like someone else's.
    return toSet(now, { [field]: String(fits) }, { action: 'raiseFloor', key, until, recording: 'of the incident' });
  },
  words(floor, input, _, writes) {
    const { name } = floor.place;
    const count = countIn(writes, floor);
    return {
      summary: `${name} has at least ${count} replicas.`,
      consequences: [
        ...adds(floor, count),
        ...fewerThanWanted(floor, input, count),
        ...usedWith(floor, count),
        ...blindness(floor),
      ],
      done: `${name} has at least ${count} replicas until the floor is given back.`,
      nothing: { note: `${name} had at least ${count} replicas already: nothing was changed.`, measured: true },
    };
  },
  asks: async (floor, { headroom }, { deps }, writes) =>
    tooMany(floor, countIn(writes, floor)) ?? (headroom ? withoutHeadroom(deps) : undefined),
  measure: (floor, { atLeast }, context, { writes }) => measured(floor, { atLeast, count: countIn(writes, floor) }, context),
};

const refused = (what: string, next: string) => stopped('Refused', `${what} Nothing was changed: ${next}, then retry.`);

/** A floor that a step has raised is not doubled once more. */
function wantedOf(floor: Floor, { atLeast, atMost = Number.POSITIVE_INFINITY }: Pick<Raised, 'atLeast' | 'atMost'>): number {
  const now = floorOf(floor);
  if (atLeast === 'twice') return isRaised(floor) ? now : Math.max(now, Math.min(2 * running(floor), atMost));
  return atLeast > now ? Math.max(atLeast, running(floor)) : now;
}

const countIn = (writes: Write[], floor: Floor): number =>
  Number(writes.flatMap(({ edits }) => edits).find(({ field }) => field === floor.field)?.after ?? floorOf(floor));

const adds = (floor: Floor, count: number): string[] => {
  const more = Math.max(0, count - running(floor));
  return [`${running(floor)} run now: ${more === 0 ? 'none is' : more === 1 ? '1 is' : `${more} are`} added.`];
};

function fewerThanWanted(floor: Floor, input: Raised, count: number): string[] {
  const wanted = wantedOf(floor, input);
  const { because } = fitting(floor, wanted);
  return count < wanted && because !== undefined ? [`Not ${wanted}: ${because}.`] : [];
}

/** Routine up to twice the present, once. */
function tooMany(floor: Floor, count: number): string | undefined {
  if (isRaised(floor) && count > floorOf(floor))
    return `A step has raised the floor of ${floor.place.name} already: people decide on more.`;
  return count > 2 * running(floor)
    ? `${count} are more than twice the ${running(floor)} replicas that ${floor.place.name} has now: people decide.`
    : undefined;
}

interface Wished {
  atLeast: number | 'twice';
  /** The floor now. */
  count: number;
}

/** Pods that are available are what it was for, not a floor. */
async function measured({ place, scaled }: Floor, { atLeast, count }: Wished, context: ActionContext): Promise<Effect> {
  const available = await untilAvailable(place, count, context);
  const told = `${available} of at least ${count} pods of ${place.name} are available.`;
  if (available >= count && (atLeast === 'twice' || atLeast <= count)) return { measured: 'whole', text: told };
  if (available >= count) return { measured: 'part', text: `${told} ${atLeast} were asked for.` };
  const seen = await lookAtWorkload(context.kubernetes, place, context.deps.now());
  const why = (seen?.says ?? []).map(text => `${text}.`);
  const gained = available > scaled.deployment.status.availableReplicas;
  return { measured: gained ? 'part' : 'none', text: [told, ...why].join(' ') };
}

async function untilAvailable(
  place: PlacedWorkload,
  count: number,
  { kubernetes, deps, running }: ActionContext,
): Promise<number> {
  const until = deps.now() + limits.rollout;
  for (;;) {
    running.heartbeat();
    const { status } = await readWorkload(kubernetes, place);
    if (status.availableReplicas >= count || deps.now() >= until) return status.availableReplicas;
    await deps.sleep(limits.look, running.signal);
  }
}

/** Pods that a lower floor may remove are described as those of a restart. */
async function givenBack(held: Snapshot[], { kubernetes, deps }: ActionContext): Promise<string[]> {
  const inFlight = await jobsByPod(deps);
  const places = placesOf(deps.platform, held);
  const told = places.map(async place => {
    const pods = await livePods(kubernetes, place.namespace, place.selector);
    return `${place.name} may lose some of its ${pods.length} pods; Kubernetes chooses which. ${interrupted(pods, inFlight)}`;
  });
  return Promise.all(told);
}

const placesOf = (platform: Platform, held: Snapshot[]): PlacedWorkload[] =>
  allWorkloads(platform).filter(place =>
    holdersOfFloor(place).some(({ kind, name }) => held.some(({ target }) => target.kind === kind && target.name === name)),
  );
