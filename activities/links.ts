/** Where people look at an incident. */

import type { About } from '../workflows/contract/index.ts';
import { printed } from './connectors/address.ts';
import type { Deps } from './deps.ts';
import type { Link } from './messages/incident.ts';
import { runningOf } from './running.ts';

/** The workflow in the Temporal UI, if the platform says where that is. */
export function incidentLink(deps: Deps, { workflowId }: About): Link | undefined {
  const { temporalUi } = deps.platform.links;
  const { namespace } = runningOf(deps);
  if (!temporalUi || !workflowId || !namespace) return undefined;
  const path = ['namespaces', namespace, 'workflows', workflowId].map(encodeURIComponent).join('/');
  return { href: `${printed(temporalUi)}/${path}`, text: 'Temporal UI' };
}
