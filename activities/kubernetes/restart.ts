/** `kubectl rollout restart` of one workload. Twice equals once: the stamp that its new pods carry is the key. */

import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Deployment } from '../connectors/resources.ts';
import type { Action, Setting } from '../engine/action.ts';
import { snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { complete, readWorkload } from '../engine/rollout.ts';
import { runSetting } from '../engine/run-setting.ts';
import { toSet } from '../engine/write.ts';
import { type PlacedWorkload, type Platform, workloadOf } from '../platform.ts';
import { effectOnPods, newPods } from './new-pods.ts';

interface Which {
  workload: Workload;
}

interface View {
  place: PlacedWorkload;
  deployment: Deployment;
}

export const restart: Action<Which> = {
  name: 'restart',
  run: (input, context) => runSetting(restarting, input, context),
  undo: 'a restart is an event',
};

/** Jobs are run again elsewhere; what a pod that serves customers keeps in memory is lost, so people decide. */
const restarting: Setting<Which, View> = {
  name: 'restart',
  isFinal: true,
  look: async ({ workload }, { kubernetes, deps }) => {
    const place = workloadOf(deps.platform, workload);
    return { place, deployment: await readWorkload(kubernetes, place) };
  },
  draft({ place, deployment }, _, { call }) {
    if (deployment.spec.replicas === 0) return [];
    const now = snapshotOf(workloadTarget(place), deployment);
    return toSet(now, {}, { action: 'restart', key: call.key, restart: true, recording: 'none' });
  },
  words: ({ place, deployment }, _, { deps }) => ({
    summary: `${place.name} restarts.`,
    consequences: [...lostWith([place], deps.platform), ...underWay(place, deployment), ...allAtOnce(place, deployment)],
    done: `${place.name} has restarted.`,
    nothing:
      deployment.spec.replicas === 0
        ? { note: `${place.name} is scaled to zero: no pod restarts.`, measured: false }
        : { note: `${place.name} was restarted by this step already.`, measured: true },
  }),
  asks: async ({ place, deployment }, _, { deps }) =>
    [...lostWith([place], deps.platform), ...allAtOnce(place, deployment)].join(' ') || undefined,
  measure: async ({ place }, _, { kubernetes, call }, { remarks }) =>
    effectOnPods([await newPods(kubernetes, place, call.key)], remarks),
};

/** The losses of these restarts besides jobs: of workloads that run none. */
export const lostWith = (places: PlacedWorkload[], { quantum, access }: Platform): string[] =>
  places
    .filter(({ role }) => !quantum?.workloads.includes(role))
    .map(
      ({ name, role }) => `What the pods of ${name} keep in memory is lost, ${role === access?.workload ? ofLogins : ofOthers}`,
    );

const ofOthers = 'such as sessions and requests that wait.';
const ofLogins = 'such as sessions, lockouts and requests that wait: people must log in again, and locked accounts are open.';

function underWay({ name }: PlacedWorkload, deployment: Deployment): string[] {
  if (complete(deployment)) return [];
  const { updatedReplicas, availableReplicas } = deployment.status;
  const counted = `of ${deployment.spec.replicas} pods of ${name} ${updatedReplicas} are new and ${availableReplicas} available`;
  return [`Its last rollout is not complete (${counted}): the restart goes on with that template.`];
}

const allAtOnce = ({ name }: PlacedWorkload, { spec }: Deployment): string[] =>
  spec.strategy.type === 'Recreate' ? [`All pods of ${name} stop before new ones start (strategy Recreate).`] : [];
