/** Whatever people did: what was claimed is compared with the world. */

import { isAction } from '../../../workflows/catalog/activities.ts';
import { impact } from '../../../client/cli/impact.ts';
import { type Report, targetName } from '../../../workflows/contract/index.ts';
import { contradictions, type Facts } from '../claims.ts';
import { holds } from './violation.ts';
import type { Effect, World } from './world.ts';

const law = 'what is claimed is so';
/** Milliseconds until the incident has heard of what was undone outside. */
const underWay = 2000;

/** The part of the world that is read. */
export type Seen = Pick<World, 'objects' | 'effects' | 'looks' | 'isDown'>;

export function checkClaims(report: Report, world: Seen) {
  const { outcome, standing = [], times, undelivered } = report;
  const { published } = world.objects;
  const isSlackDown = undelivered.some(({ system }) => system === 'incident channel');
  const slack = isSlackDown ? undefined : world.objects.slack;
  const show = impact(report, Date.parse(times.closed ?? ''));
  const said = { outcome, public: published.text, slack, show, record: standing.join('\n'), isSlackDown };
  const found = contradictions(said, factsOf(world, report));
  holds(law, found.length === 0, () => found.join('; '));
}

/** While it is open: a state is a claim too. */
export function checkState(report: Report, world: Seen, now: number) {
  const undone = world.objects.undone.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  if (now < undone + underWay) return;
  const found = contradictions({ state: report.state }, factsOf(world, report));
  holds(law, found.length === 0, () => found.join('; '));
}

export function factsOf(world: Seen, report: Pick<Report, 'times' | 'outcome'>): Facts {
  const { objects, effects } = world;
  const kept = new Set(objects.standing());
  return {
    standing: [...objects.records.values()].map(record => ({ object: targetName(record.target), mayStay: !kept.has(record) })),
    isMitigated: isMitigated(world),
    isRouted: objects.isRouted(),
    isFallbackOurs: objects.isSettingHeld(),
    isSymptomGone: isSymptomGone(world, report),
    isNoticeOpen: objects.isNoticeOpen(),
    isOperational: objects.published.status === 'operational',
    isClosed: true,
    hasChanged: effects.some(({ type }) => isAction(type) || type === 'setStatusPage'),
  };
}

/** At its recovery; else when that was last measured, as it is before it is published. To cancel is to measure nothing. */
function isSymptomGone({ looks, effects, isDown }: Seen, { times, outcome }: Pick<Report, 'times' | 'outcome'>): boolean {
  if (outcome === 'recovered') return !isDown(Date.parse(times.resolved ?? ''));
  const looked = looks.filter(({ type }) => type === 'recovered');
  const published = effects.filter(({ input }) => (input as { status?: string }).status === 'operational');
  const last = Math.max(...[...looked, ...published].map(({ at }) => at));
  return last > 0 && !isDown(last);
}

/** A change that stands, or whose record no one else has undone since: the incident has ended it by its own way back. */
function isMitigated({ objects, effects }: Seen): boolean {
  const stands = [...objects.records.values()].some(({ target, action }) => target.system === 'kubernetes' && !isRoom(action));
  return stands || effects.some(effect => isAction(effect.type) && !isWayBack(effect) && !objects.isUndone(effect));
}

/** It makes room for another change, and mitigates nothing. */
const isRoom = (type: string) => type === 'giveBackReplica';

const isWayBack = ({ type, input }: Effect) =>
  type === 'takeBack' || isRoom(type) || (input as { enabled?: boolean }).enabled === false;
