import { condition } from '@temporalio/workflow';
import { isWithdrawing } from '../record/alerts.ts';
import { after, type Duration, span } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { PhaseScope } from '../incident/scope.ts';

/** Times of a phase, as the written runbooks say them. A `Date` is a time of its own, as of a maintenance window. */
export interface PhaseOptions {
  /** It begins no sooner: from when the alert fired, at the pace of the platform, or at that time. */
  from?: Duration | Date;
  /** From when the alert fired, or at that time. Passing it is recorded, and the body goes on when only people are awaited. */
  by?: Duration | Date;
  /** The same, from when it begins: for what begins again as long as the incident lasts. */
  within?: Duration;
  /** From its `from`, else from when the alert fired, or at that time: responders are told that it takes long. */
  warn?: Duration | Date;
}

/** Work that phases left unfinished when their time was up. */
type Leave = (behind: Promise<unknown>) => void;

export type PhaseWord = <T>(
  title: string,
  ...rest: [body: () => Promise<T>] | [options: PhaseOptions, body: () => Promise<T>]
) => Promise<T>;

/** A part of a runbook with times of its own. One that began before the incident rolled over does not begin again. */
export function phaseWord<T>(
  incident: Incident,
  leave: Leave,
  title: string,
  options: PhaseOptions,
  body: () => Promise<T>,
): Promise<T> {
  const nth = (time: number) => incident.state.phases.filter(phase => phase.title === title)[time - 1];
  const recorded = incident.comesAgain('phase', title, nth);
  const times = timesOf(incident, options);
  const work = () => {
    if (!recorded) incident.record({ kind: 'phase began', title, ...times.limits });
    const working = new PhaseScope(title).run(body);
    const ended = recorded?.ended ? working : working.finally(() => incident.record({ kind: 'phase ended', title }));
    return times.limits.by === undefined ? ended : untilOnlyPeopleAreAwaited(incident, leave, title, ended);
  };
  return recorded || times.from === undefined ? work() : untilTime(incident, title, times.from).then(work);
}

/** RFC 3339. Waits for the world are paced; limits are for people, and are not. */
function timesOf({ now, start, paced }: Incident, { from, by, within, warn }: PhaseOptions) {
  const fired = start.alert.startsAt;
  const at = (time: Duration | Date, since = fired, ms = span) =>
    time instanceof Date ? time.toISOString() : after(since, ms(time));
  const begins = from && at(from, fired, duration => paced(span(duration)));
  const over = (by && at(by)) ?? (within && after(now(), span(within)));
  return { from: begins, limits: { by: over, warn: warn && at(warn, begins ?? fired) } };
}

/** Nothing is waited for once the alert's end counts. */
async function untilTime(incident: Incident, title: string, at: string): Promise<void> {
  const left = Date.parse(at) - Date.now();
  if (left > 0) await condition(() => isWithdrawing(incident.state), left, { summary: `${title} begins` });
}

/** The written times move the incident along: at `by`, a body that only waits for people is left to them. */
async function untilOnlyPeopleAreAwaited<T>(incident: Incident, leave: Leave, title: string, ended: Promise<T>): Promise<T> {
  let over = false;
  const done = ended.finally(() => {
    over = true;
  });
  const moveOn = condition(() => over || (isOverdue(incident, title) && onlyPeopleAreAwaited(incident, title)));
  await Promise.race([done, moveOn]);
  if (over) return done;
  leave(done);
  return undefined as T;
}

const isOverdue = ({ state }: Incident, title: string) =>
  state.phases.findLast(phase => phase.title === title)?.overdue !== undefined;

function onlyPeopleAreAwaited({ state }: Incident, title: string) {
  const open = state.steps.filter(({ phase, ended }) => phase.split(' › ').includes(title) && ended === undefined);
  return open.length > 0 && open.every(step => step.state === 'waiting');
}
