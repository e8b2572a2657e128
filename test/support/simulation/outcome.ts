/** Checked at the end: the outcome names what happened, each step how it ended, and what was asked for later exists. */

import { isAction } from '../../../workflows/catalog/activities.ts';
import type { Question, Report, StepReport } from '../../../workflows/contract/index.ts';
import { hasResolved } from '../../../workflows/kit/record/alerts.ts';
import { pagingPhase } from '../../../workflows/kit/record/phases-of-ours.ts';
import { recoveryCriteria } from '../../../workflows/kit/record/resume-from.ts';
import { restoreThem } from '../../../workflows/kit/record/standing.ts';
import type { Alarm } from './alarm.ts';
import type { Cancelled } from './commands.ts';
import { recorded } from './names.ts';
import { holds } from './violation.ts';
import type { World } from './world.ts';

const names = 'the outcome names what happened';

export function checkOutcome(report: Report, world: World, cancelled: Cancelled[], alarm: Alarm) {
  const { outcome = '', times } = report;
  const told = Date.parse(report.steps.findLast(({ action }) => action?.type === 'resolveIncident')?.began ?? '');
  const cancellation = cancelled.find(({ at }) => at <= told);
  const expected = cancellation ? cancelledAs(cancellation, report, world) : endedAs(report);
  holds(names, outcome === expected, () => `it is called ${outcome}, and was ${expected}`);
  if (!cancellation && outcome === 'recovered') recoveredForLong(report, world, alarm, told);
  holds(
    names,
    report.mode !== 'observe' || !world.effects.some(({ type }) => isAction(type)),
    () => 'what only observed has changed something',
  );
  holds(names, (times.closed ?? '') >= (times.resolved ?? ''), () => 'it was closed before it was resolved');
  for (const step of report.steps) stepIsAsItEnded(step, report, world);
  followUpsExist(report);
}

/** Recovery that is not found is looked for again no sooner than after five minutes. */
export function checkedAtIntervals({ attempts, looks }: World) {
  const checks = attempts.filter(({ title, attempt }) => title === recoveryCriteria && attempt === 1).map(({ at }) => at);
  const soon = checks.find((at, index) => {
    const before = checks[index - 1] ?? 0;
    const found = looks.findLast(one => one.title === recoveryCriteria && one.at >= before && one.at < at);
    return found?.verdict !== 'healthy' && at - before < 300_000;
  });
  holds(
    names,
    soon === undefined,
    () => `recovery was looked for again within five minutes, at ${new Date(soon ?? 0).toISOString()}`,
  );
}

/** By whoever was the first. After a measured recovery, or where people had ordered it before, nothing of ours stands, so there is nothing to ask. */
function cancelledAs({ by, reason, falseAlarm, at }: Cancelled, { questions, steps }: Report, { looks, objects }: World): string {
  const asked = questions.find(({ kind }) => kind === 'cancelled');
  const changed = steps.some(({ takeBack }) => takeBack !== undefined);
  const isOver = looks.findLast(look => look.type === 'standing' && look.at < at)?.verdict === 'healthy';
  const isOrdered = questions.some(({ answer }) => answer?.choice === restoreThem && Date.parse(answer.at) <= at);
  const mayBeUnasked = !changed || ((isOver || isOrdered) && objects.standing().length === 0);
  const isAsked = asked?.answer !== undefined;
  holds(names, isAsked ? changed : mayBeUnasked, () => 'whoever cancels is asked whether to undo what was changed');
  const words = [
    `cancelled by ${recorded(by)}`,
    falseAlarm && ' as a false alarm',
    reason && ` (${reason})`,
    asked?.answer && `: ${asked.answer.choice}`,
  ];
  return words.filter(Boolean).join('');
}

const closings = ['close: no mitigation was possible', 'close: leave them standing'];

/** By people, or because it was measured; or the alert of what was only observed has ended. */
function endedAs({ questions, mode, phases }: Report): string {
  const closed = questions.findLast(({ answer }) => closings.includes(answer?.choice ?? ''))?.answer;
  if (closed) return [closed.choice, closed.reason].filter(Boolean).join(': ');
  if (phases.length === 0) return 'symptom not confirmed';
  return mode === 'observe' ? 'observed' : 'recovered';
}

/** Recovery was measured, and then no symptom fired for the quiet time; unless people say that the alert is wrong. */
function recoveredForLong({ questions, severityChanges }: Report, { looks }: World, { told }: Alarm, now: number) {
  const quiet = (severityChanges ? 30 : 60) * 60_000;
  const measured = looks.findLast(({ type }) => type === 'recovered');
  holds(
    names,
    measured?.verdict === 'healthy' && now - measured.at >= quiet,
    () => 'it is called recovered, which was not measured',
  );
  const isWrong = questions.some(({ title, answer }) => title === 'The alert still fires' && answer);
  const last = Math.max(0, ...told.firings.filter(at => at < now));
  holds(names, now - last >= quiet, () => `it is called recovered ${now - last} ms after an alert`);
  holds(
    names,
    isWrong || told.firesSince === undefined || told.firesSince >= now,
    () => 'it is called recovered, and an alert fires',
  );
}

function stepIsAsItEnded(step: StepReport, { questions, times }: Report, world: World) {
  const { title, state, action, because, key } = step;
  const asked = questions.filter(one => one.title === title);
  const said = (choice: string) => asked.some(({ answer }) => answer?.choice === choice);
  const isDone = [...world.done].some(one => one === key || one.replace(/[b-z]$/, '') === key);
  const isOurs = action !== undefined && isAction(action.type);
  const is = {
    done: () => (isOurs ? isDone : !isTask(asked) || said('done') || times.acknowledged !== undefined),
    part: () => isDone,
    skipped: () => said('skip') || because === hasResolved,
    'by hand': () => said('done by hand'),
    withdrawn: () => !isOurs || because !== '',
    running: () => false,
    waiting: () => false,
  };
  const holdsFor = Object.entries(is).find(([name]) => name === state)?.[1];
  holds(names, holdsFor === undefined || step.ended === undefined || holdsFor(), () => `${title} is called ${state}: ${because}`);
}

const isTask = (asked: Question[]) => asked.some(({ kind }) => kind === 'task');

/** One for each recovery, for each task that nobody need wait for any more, and for each page that wakes nobody. */
function followUpsExist({ followUps, questions, steps, outcome }: Report) {
  const wanted = [
    ...steps.filter(({ title }) => title === 'Customer Communication').map(() => 'Update Documentation'),
    ...questions.filter(({ kind, withdrawn }) => kind === 'task' && withdrawn === hasResolved).map(({ title }) => title),
    ...steps.slice(0, 1).flatMap(isUnconfirmed),
    ...steps.filter(isUnsentPage).map(({ title }) => title),
    ...(outcome?.startsWith('cancelled') ? beginningsWithoutEnd(steps) : []),
  ].sort();
  const found = followUps.map(({ title }) => title).sort();
  holds(
    'what is left for later is a follow-up',
    wanted.join() === found.join(),
    () => `wanted: ${wanted.join(', ') || 'none'}; found: ${found.join(', ') || 'none'}`,
  );
}

/** Whoever had the first mail is told how it ended: by people, where no recovery was measured that a mail could claim. */
function beginningsWithoutEnd(steps: StepReport[]): string[] {
  const end = 'Communicate resolution: mail';
  const isOne = ({ title, state }: StepReport, titles: string[], states: string[]) =>
    titles.includes(title) && states.includes(state);
  const hasBegun = steps.some(step => isOne(step, ['Communicate with customers: first message'], ['done', 'part']));
  const ended = ['done', 'part', 'not delivered'];
  return hasBegun && !steps.some(step => isOne(step, ['Customer Communication', end], ended)) ? [end] : [];
}

/** An alert without its symptom is a ticket. */
const isUnconfirmed = ({ title, state }: StepReport) =>
  title.startsWith('Confirm ') && state === 'healthy' ? [title.replace('Confirm ', 'Symptom not confirmed: ')] : [];

const isUnsentPage = ({ action, phase, because }: StepReport) =>
  action?.type === 'page' && phase !== pagingPhase && because.includes('P3');
