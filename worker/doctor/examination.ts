/** Everything that an incident will need, looked at side by side and told in one order. */

import type { Clock } from '../../activities/connectors/http.ts';
import type { Config } from '../config.ts';
import { checkLines } from './checks.ts';
import { clusterLines } from './cluster.ts';
import { fine, type Line } from './line.ts';
import { pagingLines } from './paging.ts';
import { queryLines } from './queries.ts';
import { runbookLines } from './runbooks.ts';
import { sightOf } from './sight.ts';
import { standingLines } from './standing.ts';
import { systemLines } from './systems.ts';

/** @param own folder with runbooks of one's own */
export async function examine(config: Config, clock: Clock, own?: string): Promise<Line[]> {
  const sight = sightOf(config, clock);
  const { name, cluster } = config.platform;
  const [found, standing, systems, queries, checks] = await Promise.all([
    clusterLines(sight),
    standingLines(sight),
    systemLines(sight),
    queryLines(sight),
    checkLines(sight),
  ]);
  return [
    fine('Configuration', `is whole: platform ${name}, cluster ${cluster}.`),
    ...found,
    ...standing,
    ...systems,
    ...queries,
    ...checks,
    ...runbookLines(config.platform, own),
    fine('Paging', describedBy(config)),
    ...pagingLines(sight, clock.now()),
  ];
}

function describedBy({ rolesFile, onCall }: Config): string {
  if (!onCall)
    return `no person is described, because there is no ${rolesFile}: each role is reached only as the platform description says.`;
  return `${rolesFile} describes ${Object.keys(onCall.people).join(', ') || 'no one'}.`;
}
