import type { Finding } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';
import type { RecoveredFacts } from './facts.ts';

export const observeActivities = (_deps: Deps) => ({
  async recovered(_input: { of: 'dynex-outage' }): Promise<Finding<RecoveredFacts>> {
    throw new Error('not written');
  },
  async probe(_input: { url: 'api' | 'dynex' }): Promise<Finding> {
    throw new Error('not written');
  },
});
