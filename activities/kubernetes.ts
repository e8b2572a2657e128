/** The cluster: what was changed on it, and taking back what we have changed. */

import type { Call, Outcome, TakeBack, Workload } from '../workflows/contract/index.ts';
import { checking } from './checking.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { crossing, stopped } from './failures.ts';
import { incidentOf } from './guard.ts';
import { type Platform, quantumConfigMap } from './platform.ts';
import { checkRollouts } from './rollouts.ts';
import { runningOf } from './running.ts';
import { change } from './setting/change.ts';
import { takingBack } from './setting/fallback.ts';
import { objectName } from './setting/view.ts';

export const kubernetesActivities = (deps: Deps) => ({
  /**
   * Restores what the record on the object says, and restarts who reads it. A person has ordered it: only a hold stops it.
   * Twice equals once: with the record gone nothing is left to take back.
   */
  takeBack: crossing(async ({ takeBack: record }: { takeBack: TakeBack }, call: Call): Promise<Outcome> => {
    const { kubernetes } = deps.systems;
    if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
    if (record.kind === 'Deployment') return restartsStay;
    if (!isKnown(record, deps.platform)) throw unknownObject(record);
    const errand = { incidents: [incidentOf(call.key), incidentOf(record.key)] };
    return change(takingBack(deps.platform, { record, errand }), { kubernetes, deps, running: runningOf(deps), call });
  }),

  /** `kubectl rollout history`, with who and when, and everything else that may have cut a connection. Reads only. */
  rollouts: checking((input: { workloads: Workload[]; before: string }) => checkRollouts(deps, input)),
});

const restartsStay: Outcome = {
  done: {
    note: 'A restart is an event, not a state: nothing is left to take back.',
    changes: [],
    effect: { measured: 'nothing to measure', text: 'Nothing was changed.' },
  },
};

const isKnown = ({ namespace, name }: TakeBack, platform: Platform) => {
  const place = quantumConfigMap(platform);
  return place.namespace === namespace && place.name === name;
};

const unknownObject = (record: TakeBack) =>
  stopped(
    'BadInput',
    `${objectName(record.kind, record)} is no setting of this platform, so nothing was changed: use the platform description that the incident ran with.`,
  );
