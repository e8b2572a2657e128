/** Whatever people did: what was claimed is compared with the world. */

import { isAction } from '../../../workflows/catalog/activities.ts';
import { impact } from '../../../client/cli/impact.ts';
import { type Report, targetName } from '../../../workflows/contract/index.ts';
import { contradictions, type Facts } from '../claims.ts';
import { holds } from './violation.ts';
import type { World } from './world.ts';

const law = 'what is claimed is so';

export function checkClaims(report: Report, world: World) {
  const { outcome, standing = [], times, undelivered } = report;
  const { published } = world.objects;
  const slack = undelivered.some(({ system }) => system === 'incident channel') ? undefined : world.objects.slack;
  const now = Date.parse(times.closed ?? '');
  const said = { outcome, public: published.text, slack, show: impact(report, now), record: standing.join('\n') };
  const found = contradictions(said, factsOf(world, report));
  holds(law, found.length === 0, () => found.join('; '));
}

function factsOf({ objects, isDown, effects }: World, { times }: Report): Facts {
  const kept = new Set(objects.standing());
  return {
    standing: [...objects.records.values()].map(record => ({ object: targetName(record.target), mayStay: !kept.has(record) })),
    isRouted: objects.isRouted(),
    isSymptomGone: !isDown(Date.parse(times.resolved ?? '')),
    isNoticeOpen: objects.isNoticeOpen(),
    isOperational: objects.published.status === 'operational',
    isClosed: true,
    hasChanged: effects.some(({ type }) => isAction(type) || type === 'setStatusPage'),
  };
}
