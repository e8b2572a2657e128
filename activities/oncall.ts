/** Waking people. */

import type { Call, Outcome, Role } from '../workflows/contract/index.ts';
import { sha256 } from './connectors/artifacts.ts';
import type { PagerDuty } from './connectors/pagerduty.ts';
import type { Deps } from './deps.ts';
import { crossing } from './failures.ts';
import { incidentOf } from './guard.ts';
import { incidentLink } from './links.ts';
import { aboutOf, paged, pagedByHand } from './messages/incident.ts';
import type { Platform } from './platform.ts';

/** `because`: why these are paged too; `again`: which page of the ladder it is, as PagerDuty would not wake anybody for one it knows. */
export interface PageInput {
  roles: Role[];
  because?: string;
  again?: number;
}

export const oncallActivities = (deps: Deps) => ({
  /**
   * One page for each routing key that the roles come to, however many of them share it.
   * Twice equals once: the dedup_key is the incident and the route, and for a page of the ladder which one it is.
   */
  page: crossing(async ({ roles, because, again }: PageInput, call: Call): Promise<Outcome> => {
    const { pagerduty } = deps.systems;
    const about = aboutOf(call.about, incidentOf(call.key));
    const reached = pagerduty ? routesOf(deps.platform, pagerduty, roles) : new Map<string, Role[]>();
    if (!pagerduty || reached.size === 0) return { byHand: { system: 'PagerDuty', paste: pagedByHand(roles, about, because) } };
    if (call.dryRun) return wouldPage(roles);
    const link = incidentLink(deps, about);
    await allOf(
      [...reached].map(([route, together]) =>
        pagerduty.trigger({
          route,
          dedupKey: dedupKeyOf(incidentOf(call.key), route, again),
          ...paged(together, about, because),
          ...(link && { link }),
        }),
      ),
    );
    const unreached = roles.filter(role => ![...reached.values()].flat().includes(role));
    return accepted(`PagerDuty has taken the page for ${[...reached.values()].flat().join(', ')}.`, unreached);
  }),
});

/** Each is tried, whatever becomes of the others; then the first fault counts. */
export async function allOf(tries: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(tries);
  await Promise.all(tries);
}

/** A page and its end agree on this; PagerDuty takes 255 characters. */
export function dedupKeyOf(incident: string, route: string, again?: number): string {
  const key = [incident, route, ...(again === undefined ? [] : [again])].join('/');
  return key.length > 255 ? sha256(key) : key;
}

/** Routing keys that are set, with the roles that each reaches. */
export function routesOf({ roles: reached }: Platform, { routes }: PagerDuty, roles: Role[]): Map<string, Role[]> {
  const routed = roles.flatMap(role => {
    const way = reached[role];
    return way !== 'none' && routes.includes(way.pagerduty) ? [{ role, route: way.pagerduty }] : [];
  });
  return new Map([...Map.groupBy(routed, ({ route }) => route)].map(([route, group]) => [route, group.map(({ role }) => role)]));
}

function accepted(note: string, unreached: Role[]): Outcome {
  const missing = unreached.length > 0 ? ` Nobody can be paged as ${unreached.join(', ')}: tell them by hand.` : '';
  return {
    done: { note: note + missing, changes: [], effect: { measured: 'nothing to measure', text: 'Accepted, not yet read.' } },
  };
}

const wouldPage = (roles: Role[]): Outcome => ({
  planned: { summary: `Page ${roles.join(', ')}.`, changes: [], consequences: [], digest: sha256(roles.join()) },
  because: { reason: 'dry run', text: 'Only the plan was asked for.' },
});
