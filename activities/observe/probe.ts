/** Does a system answer, and say that it is well? What customers meet is asked from two viewpoints, what measures from here. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import { fromBothSides, fromInside, type Monitoring, type Target } from '../viewpoints.ts';

export type Probed = Target | Monitoring;

/** @throws SystemError */
export const probe = (deps: Deps, { url }: { url: Probed }): Promise<Finding> =>
  url === 'dynex' || url === 'api' ? fromBothSides(deps, url) : fromInside(deps, url);
