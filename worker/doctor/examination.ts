/** Everything that an incident will need, looked at side by side and told in one order. */

import { printed } from '../../activities/connectors/address.ts';
import type { Clock } from '../../activities/connectors/http.ts';
import { type Document, reviewDue } from '../../activities/platform/document.ts';
import type { Config } from '../config.ts';
import { checkLines } from './checks.ts';
import { clusterLines } from './cluster.ts';
import { fine, type Line, warning } from './line.ts';
import { pagingLines } from './paging.ts';
import { queryLines } from './queries.ts';
import { refusedLines } from './refused.ts';
import { ruleLines } from './rules.ts';
import { runbookLines } from './runbooks.ts';
import { sightOf } from './sight.ts';
import { standingLines } from './standing.ts';
import { systemLines } from './systems.ts';

/** @param own folder with runbooks of one's own */
export async function examine(config: Config, clock: Clock, own?: string): Promise<Line[]> {
  const sight = sightOf(config, clock);
  const { name, cluster } = config.platform;
  // Checks have seconds, and systems are asked many things: on a busy machine they would wait for each other.
  const checks = await checkLines(sight);
  const [systems, queries] = await Promise.all([systemLines(sight), queryLines(sight)]);
  const detection = await Promise.all([ruleLines(sight), refusedLines(sight)]);
  const [found, standing] = await Promise.all([clusterLines(sight, own), standingLines(sight)]);
  return [
    fine('Configuration', `is whole: platform ${name}, cluster ${cluster}.`),
    ...proxyLines(config),
    ...found,
    ...standing,
    ...systems,
    ...queries,
    ...detection.flat(),
    ...checks,
    ...runbookLines(config.platform, own),
    ...reviewLines(config.platform.document, clock.now()),
    fine('Paging', describedBy(config)),
    ...pagingLines(sight, clock.now()),
  ];
}

function reviewLines(described: Document | undefined, now: number): Line[] {
  const due = reviewDue(described, now);
  return due === undefined ? [] : [warning('Written runbooks', due)];
}

/** Nothing where no proxy leads out. */
function proxyLines({ connections: { proxies } }: Config): Line[] {
  if (!proxies) return [];
  const { https, http, except } = proxies;
  const through = [https && `https through ${printed(https)}`, http && `http through ${printed(http)}`]
    .filter(Boolean)
    .join(', ');
  return [fine('Proxy', `${through}; without it: ${['this machine', ...except].join(', ')}. Mail goes without it.`)];
}

function describedBy({ rolesFile, onCall }: Config): string {
  if (!onCall)
    return `no person is described, because there is no ${rolesFile}: each role is reached only as the platform description says.`;
  return `${rolesFile} describes ${Object.keys(onCall.people).join(', ') || 'no one'}.`;
}
