/** Each question is announced at once, and once; what is bounded is who is paged for it. Pure. */

import { isLiving } from '../../catalog/activities.ts';
import { urgencies } from '../../catalog/index.ts';
import type { Question, QuestionKind, Refusal, Role } from '../../contract/index.ts';
import { isAttended } from './acted.ts';
import { longestLine, mostAnnouncements } from './bounds.ts';
import { withRefusal } from './commands.ts';
import { changeQuestion } from './decisions.ts';
import type { Due } from './events.ts';
import { after } from './duration.ts';
import { climbs, isOver, withGraverLadder, withPage } from './escalation.ts';
import { type Announcement, isOpen, type State } from './state.ts';
import { cut } from './text.ts';

/** Questions of one role that come within this time are one page: whoever it wakes finds all of them. */
const onePage = 60_000;
/** Parts of its life at which people are reminded of a question. */
const reminders = [0.5, 0.8];
/** The most urgent first. */
const urgency: QuestionKind[] = ['handover', 'cancelled', 'held', 'stuck', 'plan', 'choice', 'text', 'task'];

/** Announces every question that was not announced yet, the most urgent first. */
export const withAnnouncements = (state: State, at: string): State =>
  state.questions
    .filter(isWaiting)
    .sort((a, b) => rank(a) - rank(b))
    .reduce((next, question) => announced(next, question, at), state);

const isWaiting = (question: Question) => question.announced === undefined && isOpen(question);

const rank = ({ kind, blocking }: Question) => urgency.indexOf(kind) + (blocking ? 0 : urgency.length);

function announced(state: State, question: Question, at: string): State {
  const { id } = question;
  const begun = { announced: at, ...timesOf(question, at) };
  return told(changeQuestion(state, id, begun), question, 0, at);
}

/** `lasts` sets `expires`; an absolute `expires` sets `lasts`. */
function timesOf({ lasts, expires }: Question, at: string): Pick<Question, 'lasts' | 'expires'> {
  if (lasts !== undefined) return { expires: after(at, lasts) };
  return expires === undefined ? {} : { lasts: Math.max(0, Date.parse(expires) - Date.parse(at)) };
}

/** The state after people were reminded of a question, if it is still open. */
export function withReminder(state: State, id: string, at: string): State {
  const question = state.questions.find(asked => asked.id === id && isOpen(asked));
  if (!question) return state;
  const reminded = (question.reminded ?? 0) + 1;
  return told(changeQuestion(state, id, { reminded }), question, reminded, at);
}

/** Said in the channel, and answered by no one. */
export const withRemark = (state: State, remark: string): State => withOneMore(state, { remark });

/** The record refuses it, and says at once what to do; neither repeats it. */
export function withPastedSecret(state: State, { at, by, what, because }: Refusal): State {
  const kept = 'Temporal’s history keeps it';
  const who = by === 'unknown' ? 'Someone' : by;
  return withRemark(
    withRefusal(state, { at, by, what, because: `${because}, and ${kept}: rotate it now` }),
    `A key was pasted: rotate it now. ${cut(who, longestLine)} sent it as “${cut(what, longestLine)}”, and ${kept}. ` +
      'Answer with runbooks decide, which refuses a secret before it is sent.',
  );
}

/** The message of that step is sent once more: what was published since is not true any more. */
export const withRepeat = (state: State, repeat: string): State => withOneMore(state, { repeat });

/** The part of an incident that its living message shows. */
const shownOf = ({ state, severity, commander }: State) => [state, severity, commander].join();

/** The living message follows the incident, until its end is announced. Text to paste is enough once; one of an earlier incident is not ours. */
export function withLatestShown(before: State, state: State): State {
  if (shownOf(before) === shownOf(state) || isOver(state)) return state;
  const living = state.steps.find(
    ({ action, began }) => action && isLiving(action.type) && (!state.like || began > state.times.opened),
  );
  return living && living.state !== 'by hand' ? withRepeat(state, living.key) : state;
}

/** The n-th announcement has the same key in every run: how many are forgotten is counted. */
function withOneMore(state: State, one: Announcement): State {
  const announcements = [...state.announcements, one];
  const over = announcements.length - mostAnnouncements;
  if (over <= 0) return { ...state, announcements };
  return { ...state, announcements: announcements.slice(over), announcementsBefore: (state.announcementsBefore ?? 0) + over };
}

/** Only what the runbook waits for wakes anyone, and only whoever has not acted lately. */
function told(state: State, question: Question, reminder: number, at: string): State {
  const next = withOneMore(state, { question: question.id, reminder });
  if (!question.blocking || !climbs(state)) return next;
  const because = `${reminder > 0 ? 'still asked' : 'asked'} “${question.title}”`;
  const needed = wanted(state, question);
  if (needed.length === 0 && !isCalling(state)) return withGraverLadder(next, because, at);
  const roles = needed.filter(role => wakes(state, question, role, at));
  return roles.length > 0 ? withPage(next, { roles, because }) : next;
}

/** Some runbooks page no one: there the first question that needs the first level begins the escalation. */
const isCalling = ({ paging: { ladder }, steps }: State) =>
  ladder !== undefined || steps.some(({ action }) => action?.type === 'page');

const wakes = (state: State, question: Question, role: Role, at: string) =>
  !isAttended(state, role, at) && !isPagedByRunbook(state, role, at) && !isPagedFor(state, question, role, at);

/** The runbook itself has paged the role just now: whoever that wakes finds the question. */
const isPagedByRunbook = ({ steps }: State, role: Role, at: string) =>
  steps.some(
    ({ action, began, state }) =>
      action?.type === 'page' &&
      (state === 'running' || state === 'done') &&
      began <= at &&
      at < after(began, onePage) &&
      rolesIn(action.input).includes(role),
  );

const rolesIn = (input: unknown): Role[] => (input as { roles?: Role[] } | null | undefined)?.roles ?? [];

/** Another question has paged the role just now. */
const isPagedFor = (state: State, { id }: Question, role: Role, at: string) =>
  state.questions
    .filter(({ id: other, blocking, owner, second }) => other !== id && blocking && (owner === role || second === role))
    .flatMap(lastTold)
    .some(then => then <= at && at < after(then, onePage) && !isAttended(state, role, then));

/** When people were last told of a question. */
function lastTold({ announced, lasts = 0, reminded = 0 }: Question): string[] {
  const part = reminders[reminded - 1] ?? 0;
  return announced === undefined ? [] : [after(announced, part * lasts)];
}

/** Roles that must answer. Until there is a commander the escalation calls one; a role is not called twice. */
function wanted({ severity, times, paging: { ladder } }: State, { owner, second }: Question): Role[] {
  const roles = second ? [owner, second] : [owner];
  if (times.acknowledged) return roles;
  const called = urgencies[severity].ladder.slice(0, (ladder?.rung ?? 0) + 1).flatMap(rung => rung.roles);
  return roles.filter(role => role !== 'commander' && !called.includes(role));
}

/** People are reminded at half and at four fifths of its life. */
export const dueReminders = ({ questions }: State): Due[] =>
  questions.filter(isOpen).flatMap(({ id, title, owner, announced: from, lasts, reminded = 0 }) => {
    const part = reminders[reminded];
    if (from === undefined || lasts === undefined || part === undefined) return [];
    return [{ at: after(from, part * lasts), what: `remind ${owner} of “${title}”`, event: { kind: 'reminded', question: id } }];
  });
