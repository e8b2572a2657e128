/** Does a system answer, and say that it is well? What customers meet is asked from two viewpoints, what measures from here. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { checkPods } from '../kubernetes/pods.ts';
import { fromBothSides, fromInside, type Monitoring, type Target } from '../viewpoints.ts';

export type Probed = Target | Monitoring;

/** @throws SystemError */
export function probe(deps: Deps, { url }: { url: Probed }): Promise<Finding> {
  if (url === 'dynex' || url === 'api') return fromBothSides(deps, url);
  return url === 'grafana' && !deps.systems.grafana?.address ? byPods(deps) : fromInside(deps, url);
}

/** That the pods of monitoring run does not show that Grafana answers. */
async function byPods(deps: Deps): Promise<Finding> {
  const pods = await answered(() => checkPods(deps, { namespaces: 'monitoring' }));
  const { message } = notConnected('Grafana', 'GRAFANA_URL');
  return { verdict: 'unknown', evidence: `${message}. By pods alone, of monitoring: ${pods.evidence}` };
}
