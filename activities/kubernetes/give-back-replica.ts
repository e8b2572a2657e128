/**
 * Where the quota refuses a rollout, one workload that runs quantum jobs does with a replica less: `kubectl scale`, the
 * autoscaler's floor first. Always asked; it returns when the incident recovers, or by undo. Twice equals once: counts are stated
 * whole, and the record says that it is done.
 */

import type { Effect } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { inCluster, snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { jobsByPod } from '../engine/rolling.ts';
import { runSetting } from '../engine/run-setting.ts';
import { restoring } from '../engine/restoring.ts';
import type { Snapshot } from '../engine/target.ts';
import { type Restoring, toSet, type Write } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { limits } from '../limits.ts';
import { type Platform, quantumWorkloads } from '../platform.ts';
import { giverIn, lacking, lookForRoom, reluctance, type Room, type Scaled } from './quota-room.ts';

interface ForWhom {
  /** The workloads whose rollout needs room. */
  for: Workload[];
}

interface View extends Room {
  /** Jobs by pod; nothing when it is not known. */
  jobs: Map<string, number> | undefined;
}

/** The replicas first, or the autoscaler's floor would add them by itself. */
const targets = (platform: Platform) =>
  quantumWorkloads(platform).flatMap(({ hpa, ...place }) => [
    workloadTarget(place),
    ...(hpa === undefined ? [] : [inCluster('HorizontalPodAutoscaler', { namespace: place.namespace, name: hpa })]),
  ]);

/** More than there was before stays: whoever added it wanted it so. */
export const atLeastBefore: Restoring = (_, { now, before }) => String(Math.max(Number(now), Number(before)));

export const giveBackReplica: Action<ForWhom> = {
  name: 'giveBackReplica',
  run: (input, context) => runSetting(giving, input, context),
  undo: restoring({
    targets,
    summary: 'The workload has its replica back.',
    done: 'The replica that was given back has returned.',
    restoring: atLeastBefore,
    asksAbout: ({ field, now }, { holders }) =>
      Number(now) < Math.min(...holders.map(({ set }) => Number(set[field] ?? Number.NaN))),
  }),
};

const giving: Setting<ForWhom, View> = {
  name: 'giveBackReplica',
  putsBack: true,
  records: targets,
  look: async (input, { kubernetes, deps }) => ({
    ...(await lookForRoom(kubernetes, deps.platform, input.for)),
    jobs: await jobsByPod(deps),
  }),
  draft(view, _, { call }) {
    if (lacking(view).length === 0) return [];
    const giver = giverIn(view);
    if (giver) return oneFewer(giver, call.key);
    throw stopped(
      'Refused',
      `No replica that can be given back would make room: ${others(view).join(' ')} Nothing was changed: raise the quota or make room by hand, then retry.`,
    );
  },
  words(view, _, __, writes) {
    const giver = view.givers.find(({ workload }) => writes.some(({ target }) => target.name === workload.name));
    const name = giver?.workload.name ?? 'No workload';
    const rolling = view.rolling.map(({ workload }) => workload.name).join(' and ');
    return {
      summary: `${name} gives one replica back, so that the rollout of ${rolling} fits the quota.`,
      consequences: [
        ...lacking(view).map(text => `${text}.`),
        ...(giver ? [lost(giver, view.jobs)] : []),
        'It returns when the incident has recovered, or by runbooks undo.',
        ...others(view, giver),
      ],
      done: `${name} has given one replica back. It returns when the incident has recovered.`,
      nothing: { note: 'The quota has room for the rollout already: nothing was changed.', measured: false },
    };
  },
  asks: async () => 'People decide whether a workload does with one replica less.',
  measure: (_, input, context) => hasRoom(input, context),
};

/** The floor first, or the autoscaler would put the replica back. */
const oneFewer = ({ workload, deployment, hpa }: Scaled, key: string): Write[] => [
  ...(hpa ? fewer(snapshotOf(inCluster('HorizontalPodAutoscaler', hpa.metadata), hpa), 'minReplicas', key) : []),
  ...fewer(snapshotOf(workloadTarget(workload), deployment), 'replicas', key),
];

/** The record says how many there were before anyone took one. */
export function fewer(now: Snapshot, field: string, key: string): Write[] {
  const count = Number(now.value(field));
  const most = Math.max(count, ...now.holders.map(({ before }) => Number(before[field] ?? 0)));
  return toSet(now, { [field]: String(count - 1) }, { action: 'giveBackReplica', key, before: { [field]: String(most) } });
}

/** Why the others give none. */
const others = ({ givers }: Room, giver?: Scaled): string[] =>
  givers
    .filter(one => one !== giver)
    .map(one => `${one.workload.name} not chosen: ${reluctance(one) ?? (giver ? 'fewer replicas' : 'pods too small')}.`);

function lost({ pods, workload }: Scaled, jobs: Map<string, number> | undefined): string {
  const running = jobs && pods.reduce((sum, { metadata }) => sum + (jobs.get(metadata.name) ?? 0), 0);
  const told = running === undefined ? 'unknown, Prometheus did not answer' : running;
  return `Jobs in flight on the ${pods.length} pods of ${workload.name}: ${told}. Kubernetes chooses which pod goes; its jobs finish if the worker drains; otherwise they are re-run.`;
}

/** Measures the room for the rollout: that, and not the replica, is the purpose. */
async function hasRoom(input: ForWhom, { kubernetes, deps, running }: ActionContext): Promise<Effect> {
  const until = deps.now() + limits.rollout;
  for (;;) {
    running.heartbeat();
    const short = lacking(await lookForRoom(kubernetes, deps.platform, input.for));
    if (short.length === 0) return { measured: 'whole', text: 'The quota has room for the rollout.' };
    if (deps.now() >= until) return { measured: 'none', text: `The replica is given back, but still: ${short.join('; ')}.` };
    await deps.sleep(limits.look, running.signal);
  }
}
