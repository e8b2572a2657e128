import type { Call, Finding, Outcome, TakeBack, Workload } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';
import type { RolloutsFacts } from './facts.ts';

export const kubernetesActivities = (_deps: Deps) => ({
  async takeBack(_input: { takeBack: TakeBack }, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
  async rollouts(_input: { workloads: Workload[]; before: string }): Promise<Finding<RolloutsFacts>> {
    throw new Error('not written');
  },
});
