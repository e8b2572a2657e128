/** How Dynex itself is: the provider's word, which may come late and never proves that it is well, and what probes reach. */

import type { Finding } from '../workflows/contract/finding.ts';
import type { Verdict } from '../workflows/contract/vocabulary.ts';
import { notConnected, quoted } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { DynexStatusFacts } from './facts.ts';
import { trusted } from './seen.ts';
import { evidenceOf, part, verdictOf } from './together.ts';
import { viewsOf } from './viewpoints.ts';

/** @throws SystemError */
export async function checkStatus(deps: Deps): Promise<Finding<DynexStatusFacts>> {
  const [page, { inside, outside }] = await Promise.all([part(() => readPage(deps)), viewsOf(deps, 'dynex')]);
  const says = verdictOf(page);
  const facts = 'leftOut' in page ? undefined : page.facts;
  return {
    verdict: judge({ page: says, inside: verdictOf(inside), outside: verdictOf(outside) }),
    evidence: evidenceOf(says === 'faulty' ? [page, outside, inside] : [outside, inside, page]),
    ...(facts && { facts }),
  };
}

/**
 * Faulty when its page reports an incident, or when no probe reaches it, the outside one among them: from inside alone it looks
 * the same when our own network fails. Healthy when a probe reaches it, or when its page, with no probe to ask, reports nothing.
 */
export function judge({ page, inside, outside }: Partial<Record<'page' | 'inside' | 'outside', Verdict | undefined>>): Verdict {
  if (page === 'faulty') return 'faulty';
  if (inside === 'healthy' || outside === 'healthy') return 'healthy';
  if (outside === 'faulty') return 'faulty';
  return inside === 'faulty' || page === undefined ? 'unknown' : page;
}

async function readPage(deps: Deps): Promise<Finding<DynexStatusFacts>> {
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
