/** When the end of an alert counts, and what it withdraws: as docs/decisions say it, from what the incident was told. */

import type { Question, Report } from '../../../workflows/contract/index.ts';
import { isAction } from '../../../workflows/catalog/activities.ts';
import { ownCheck } from '../../../workflows/kit/lifecycle/resolution.ts';
import { endTitle, hasResolved } from '../../../workflows/kit/record/alerts.ts';
import { alertOfTheBreaker, isBreakerOpen } from './breaker.ts';
import type { Delivered } from './deliveries.ts';
import { Told } from './told.ts';
import { holds } from './violation.ts';
import type { World } from './world.ts';

const ours = 'what we cause is not a symptom';
const ends = 'an alert ends when it has held';
const fiveMinutes = 300_000;
/** A check that fails is tried again for some minutes before it is `unknown`. */
const patience = 30 * 60_000;

export class Alarm {
  readonly told: Told;
  private readonly world: World;
  private before: Report | undefined;
  /** Own checks that were seen to begin. */
  private readonly checks: number[] = [];
  private seen = 0;
  private readonly cancelled: { at: number }[];

  /** @param cancelled people add to it when they cancel */
  constructor(deliveries: Delivered['told'], world: World, cancelled: { at: number }[]) {
    this.told = new Told(deliveries);
    this.world = world;
    this.cancelled = cancelled;
  }

  /** @param now milliseconds since 1970 */
  check(report: Report, now: number) {
    const before = this.before ?? report;
    const isCancelled = this.cancelled.some(({ at }) => at <= now);
    const [quiet, fired] = [!this.told.fires(), this.told.firings.length];
    this.hear(before, report, now);
    if (!isCancelled) {
      this.checksInTime(before, report, now);
      this.endIsSaid(before, report, now);
    }
    withdrawnOnlyAtTheEnd(before, report);
    this.endWithdraws(report);
    const isNew = this.told.firings.length > fired;
    const tried = this.world.attempts.findLast(({ type }) => isAction(type))?.at ?? 0;
    const undone = this.world.objects.undone.at(-1)?.at ?? 0;
    const since = Math.max(this.told.firings.at(-1) ?? 0, tried, undone);
    reopens(before, report, { isNew: isNew && !isCancelled, quiet, since });
    this.before = report;
  }

  private hear(before: Report, report: Report, now: number) {
    const opens = isBreakerOpen(before, this.world);
    const isSaid = (fingerprint: string) =>
      report.alerts.some(one => one.fingerprint === fingerprint && one.explained !== undefined);
    this.told.hear(now, ({ name, fingerprint }) => name === alertOfTheBreaker && (opens ?? isSaid(fingerprint)));
    for (const { name, fingerprint, status, explained } of report.alerts)
      holds(
        ours,
        status === 'resolved' || (explained !== undefined) === this.told.isExplained(fingerprint),
        () => `${name} is ${explained === undefined ? 'not explained' : `explained by ${explained}`}`,
      );
  }

  /** Our own check begins when the end has held for five minutes, before Recovery; it is repeated until it is healthy. */
  private checksInTime(before: Report, report: Report, now: number) {
    const quietSince = this.told.quietSince;
    const news = this.world.attempts.slice(this.seen).filter(({ title, attempt }) => title === ownCheck && attempt === 1);
    this.seen = this.world.attempts.length;
    const body = bodySince(report);
    for (const { at } of news) {
      const held = at - (quietSince ?? at);
      holds(
        ends,
        held >= fiveMinutes && at - (this.checks.at(-1) ?? 0) >= fiveMinutes,
        () => `our own check began after ${held} ms`,
      );
      holds(ends, bodySince(before) !== undefined, () => `our own check began though its result changes nothing`);
      this.checks.push(at);
    }
    if (quietSince === undefined || body === undefined || report.mode === 'observe') return;
    const since = Math.max(quietSince, body);
    if (endsSaid(report).some(({ asked }) => Date.parse(asked) >= since)) return;
    const last = Math.max(since, this.checks.at(-1) ?? 0);
    holds(
      ends,
      now - last <= fiveMinutes + patience,
      () => `nobody has checked since ${new Date(last).toISOString()} whether it is over`,
    );
  }

  /** People are told of the end when our own check is healthy, and only then. */
  private endIsSaid(before: Report, report: Report, now: number) {
    const look = this.world.looks.findLast(({ title }) => title === ownCheck);
    const isHealthy = look?.verdict === 'healthy';
    const news = endsSaid(report).filter(({ id }) => endsSaid(before).every(known => known.id !== id));
    const isOver = look !== undefined && look.at + 1000 === now;
    holds(ends, news.length === 0 || (isHealthy && isOver), () => 'the end counts, which no check has found');
    const counts = isOver && isHealthy && this.told.quietSince !== undefined && this.told.quietSince <= look.at - fiveMinutes;
    const isPast = [before, report].some(one => (bodySince(one) ?? now) > now - 1000);
    holds(ends, !counts || isPast || news.length === 1, () => 'the check has found it over, and the end does not count');
  }

  /** What waits for people is withdrawn, nothing more is begun, and it is no end when a symptom fires. */
  private endWithdraws({ questions, steps, state }: Report) {
    const said = questions.find(one => isAboutTheEnd(one) && isOpen(one));
    if (!said || state === 'closed') return;
    holds(ends, this.told.quietSince !== undefined, () => 'the end counts, and a symptom fires');
    const open = questions.find(one => one !== said && isOpen(one) && !['handover', 'cancelled'].includes(one.kind));
    holds(ends, open === undefined, () => `the end counts, and ${open?.id} is still asked`);
    const late = this.world.effects.find(({ key }) => (steps.find(step => step.key === key)?.began ?? '') > said.asked);
    holds(ends, late === undefined || late.type === 'takeBack', () => `${late?.title} was begun after the end of the alert`);
  }
}

const isOpen = ({ answer, withdrawn }: Question) => !answer && !withdrawn;
const isAboutTheEnd = ({ title, blocking }: Question) => title === endTitle && !blocking;
const endsSaid = ({ questions }: Report) => questions.filter(isAboutTheEnd);

/** Since when (milliseconds) the body is before Recovery, where the end of the alert changes what happens; nothing elsewhere. */
function bodySince({ phases, state }: Report): number | undefined {
  if (state === 'resolved' || state === 'closed') return undefined;
  const recovery = phases.findLast(({ title }) => title === 'Recovery');
  if (!recovery) return 0;
  const isAgain = phases.some(({ title, began }) => title === 'Investigation' && began >= (recovery.ended ?? '9'));
  return isAgain ? Date.parse(recovery.ended ?? '') : undefined;
}

/** Asked before it begins, or at the end, where every end of the alert settles it. */
const settledByAnyEnd = /^(The alert still fires|Symptom not confirmed: )/;

/** The end withdraws what waits for people only while it counts, and nobody wants to keep going. */
function withdrawnOnlyAtTheEnd(before: Report, report: Report) {
  const counts = endsSaid(before).some(isOpen) || endsSaid(report).length > endsSaid(before).length;
  const gone = (one: Report) => [
    ...one.questions
      .filter(({ withdrawn, title }) => withdrawn === hasResolved && !settledByAnyEnd.test(title))
      .map(({ id }) => id),
    ...one.steps.filter(({ because }) => because === hasResolved).map(({ key }) => key),
  ];
  const news = gone(report).filter(one => !gone(before).includes(one));
  holds(ends, counts || news.length === 0, () => `${news[0]} was withdrawn, and the end does not count`);
}

/** Only a new symptom reopens what is resolved, and it does; or an action that people let go on, or an undo: what was measured says nothing of them. */
function reopens(before: Report, report: Report, { isNew, quiet, since }: { isNew: boolean; quiet: boolean; since: number }) {
  const isReopened = before.state === 'resolved' && report.state === 'acknowledged';
  holds(ours, !isReopened || since >= Date.parse(before.times.resolved ?? ''), () => 'it was reopened, and no symptom has fired');
  const isTold = report.steps.some(({ action }) => action?.type === 'resolveIncident');
  const mustReopen = isNew && quiet && before.state === 'resolved' && !isTold;
  holds('what fires again reopens', !mustReopen || isReopened, () => 'a symptom fires again, and it is not reopened');
}
