/** Who can be paged: each role comes to a routing key, or to nobody. */

import type { Platform } from '../../activities/platform.ts';
import { type Role, roles } from '../../workflows/contract/vocabulary.ts';
import { fault, fine, type Line } from './line.ts';

/** @param routes names of the routing keys that are set */
export function pagingLines(platform: Platform, routes: readonly string[]): Line[] {
  const byRoute = Map.groupBy(roles, role => routeOf(platform, role));
  const lines = [...byRoute].map(([route, reached]) => routeLine(route, reached, routes));
  const primary = routeOf(platform, 'primary');
  if (primary !== undefined && routes.includes(primary)) return lines;
  const mend = primary === undefined ? 'Set roles.primary in the platform description.' : `Set ${primary}.`;
  return [fault('Paging', 'Nobody can be paged: no incident wakes anybody.', mend), ...lines.filter(({ ok }) => ok)];
}

const routeOf = ({ roles: reached }: Platform, role: Role): string | undefined => {
  const way = reached[role];
  return way === 'none' ? undefined : way.pagerduty;
};

function routeLine(route: string | undefined, reached: Role[], routes: readonly string[]): Line {
  const who = reached.join(', ');
  if (route === undefined) return fine('Paging', `${who}: told by hand, as the platform description says.`);
  if (routes.includes(route)) return fine('Paging', `${who}: PagerDuty, by ${route}.`);
  return fault('Paging', `${who}: nobody, ${route} is not set.`, `Set ${route}, or correct roles in the platform description.`);
}
