/** Would new pods of the workloads that run quantum jobs be admitted now? Better asked before an alert than during one. */

import { ApplicationFailure } from '@temporalio/common';
import type { Kubernetes } from '../../activities/connectors/kubernetes.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { admit } from '../../activities/engine/admission.ts';
import { workloadTarget } from '../../activities/engine/kubernetes-targets.ts';
import { readWorkload } from '../../activities/engine/rollout.ts';
import { type Platform, quantumWorkloads } from '../../activities/platform.ts';
import { fault, fine, type Line } from './line.ts';

const check = 'Room for a rollout of the workloads that run quantum jobs';

/** By a trial Pod of each template, which is not created, and the surge against the quotas. */
export async function roomLines(kubernetes: Kubernetes, platform: Platform): Promise<Line[]> {
  if (!platform.quantum) return [];
  try {
    const newcomers = await Promise.all(
      quantumWorkloads(platform).map(async workload => {
        const deployment = await readWorkload(kubernetes, workload);
        return { rolled: { target: workloadTarget(workload), deployment }, template: deployment.spec.template };
      }),
    );
    const untried = await admit(newcomers, { kubernetes, platform, begun: false });
    return [fine(check, untried.length > 0 ? `is not known: ${untried.join(' ')}` : 'is there: its pods would be admitted.')];
  } catch (error) {
    // A right or a name that is missing has a line of its own.
    if (error instanceof SystemError && [403, 404].includes(error.status ?? 0)) return [];
    if (!(error instanceof ApplicationFailure) || error.type !== 'NotAdmitted') throw error;
    const [refused = ''] = error.message.split(/ (?:Nothing was changed|What was changed before stays)/);
    return [fault(check, `is not there. ${refused}`, 'Free capacity or raise the quota: the circuit breaker would be refused.')];
  }
}
