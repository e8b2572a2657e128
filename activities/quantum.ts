import type { Call, Finding, Outcome } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';
import type { CanaryFacts, DynexKeyFacts, DynexStatusFacts, JobsFacts, ProbeDynexFacts } from './facts.ts';

export type Solver = 'dynex' | 'classical';

export const quantumActivities = (_deps: Deps) => ({
  async setFallback(_input: { enabled: boolean }, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
  async dynexStatus(_input: object): Promise<Finding<DynexStatusFacts>> {
    throw new Error('not written');
  },
  async probeDynex(_input: object): Promise<Finding<ProbeDynexFacts>> {
    throw new Error('not written');
  },
  async dynexKey(_input: object): Promise<Finding<DynexKeyFacts>> {
    throw new Error('not written');
  },
  async jobs(_input: { solver: Solver; successRate?: number }): Promise<Finding<JobsFacts>> {
    throw new Error('not written');
  },
  async canary(_input: { solver: Solver }): Promise<Finding<CanaryFacts>> {
    throw new Error('not written');
  },
});
