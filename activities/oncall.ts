import type { Call, Outcome, Role } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';

export const oncallActivities = (_deps: Deps) => ({
  async page(_input: { roles: Role[] }, _call: Call): Promise<Outcome> {
    throw new Error('not written');
  },
});
