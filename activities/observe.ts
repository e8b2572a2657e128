/** The platform as its customers meet it, and whether an incident is over. */

import type { Finding } from '../workflows/contract/index.ts';
import { checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { checkRecovery } from './recovery.ts';
import { fromBothSides, type Target } from './viewpoints.ts';

export const observeActivities = (deps: Deps) => ({
  /** Whether that incident is over: stricter than what opens it, and `unknown` for every incident without a measurement of its own. */
  recovered: checking(({ of }: { of: string }) => checkRecovery(deps, of)),

  /** `curl -I`, from inside and from outside. Reads only. */
  probe: checking(({ url }: { url: Target }): Promise<Finding> => fromBothSides(deps, url)),
});
