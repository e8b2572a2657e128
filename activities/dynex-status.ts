/** The provider's status page: its word for an incident, which may come late, and never proves that it is well. */

import type { Finding } from '../workflows/contract/finding.ts';
import { notConnected, quoted } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { DynexStatusFacts } from './facts.ts';
import { trusted } from './seen.ts';

/** @throws SystemError */
export async function checkStatus(deps: Deps): Promise<Finding<DynexStatusFacts>> {
  const { dynex } = deps.systems;
  if (!dynex?.statusAddress) throw notConnected('The Dynex status page', 'DYNEX_STATUS_URL');
  const { incident, text } = await dynex.status();
  const finding: Finding<DynexStatusFacts> =
    incident === null
      ? { verdict: 'healthy', evidence: `The Dynex status page shows no incident: ${text}.`, facts: { incident } }
      : {
          verdict: 'faulty',
          evidence: `The Dynex status page says: ${quoted(incident)} (${text}).`,
          facts: { incident: quoted(incident) },
        };
  return trusted(deps, { check: 'dynexStatus', address: dynex.statusAddress }, finding);
}
