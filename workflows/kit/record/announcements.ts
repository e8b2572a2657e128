/** Who hears of which question, and when: one at a time a role, the most urgent first. Pure. */

import { urgencies } from '../../catalog/index.ts';
import type { Question, QuestionKind, Role } from '../../contract/index.ts';
import { mostAnnouncements } from './bounds.ts';
import { changeQuestion } from './decisions.ts';
import type { Due } from './events.ts';
import { after } from './duration.ts';
import { climbs, withPage } from './escalation.ts';
import { type Announcement, isOpen, type State } from './state.ts';

/** Where the record keeps what people were told of questions. */
export const questionsPhase = 'Questions';

const minute = 60_000;
/** So long a question that nobody answers keeps the next one of its role waiting. */
const turn = 15 * minute;
/** Whoever was heard of within this time reads the channel, and need not be woken. */
const attention = 10 * minute;
/** Parts of its life at which people are reminded of a question. */
const reminders = [0.5, 0.8];
/** The most urgent first. */
const urgency: QuestionKind[] = ['handover', 'cancelled', 'held', 'stuck', 'plan', 'choice', 'text', 'task'];

/** Announces whatever may be announced now. */
export function withAnnouncements(state: State, at: string): State {
  const next = state.questions
    .filter(question => isWaiting(question) && !isTaken(state, question.owner, at))
    .sort((a, b) => rank(a) - rank(b))[0];
  return next ? withAnnouncements(announced(state, next, at), at) : state;
}

const isWaiting = (question: Question) => question.announced === undefined && isOpen(question);

const isTaken = (state: State, role: Role, at: string) => at < (turnEnds(state, role) ?? at);

/** RFC 3339; how long a question of the role keeps others waiting. */
function turnEnds({ questions }: State, role: Role): string | undefined {
  const open = questions.filter(question => question.owner === role && isOpen(question));
  const latest = open
    .flatMap(({ announced: at }) => at ?? [])
    .sort()
    .at(-1);
  return latest && after(latest, turn);
}

const rank = ({ kind, blocking }: Question) => urgency.indexOf(kind) + (blocking ? 0 : urgency.length);

function announced(state: State, question: Question, at: string): State {
  const { id } = question;
  const begun = { announced: at, ...timesOf(question, at) };
  return told(changeQuestion(state, id, begun), question, 0, at);
}

/** What is asked for so long expires then; what expires at a time of its own is asked for until then. */
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

/** Said in the channel, and answered by nobody. */
export const withRemark = (state: State, remark: string): State => withOneMore(state, { remark });

/** The n-th announcement has the same key in every run: how many are forgotten is counted. */
function withOneMore(state: State, one: Announcement): State {
  const announcements = [...state.announcements, one];
  const over = announcements.length - mostAnnouncements;
  if (over <= 0) return { ...state, announcements };
  return { ...state, announcements: announcements.slice(over), announcementsBefore: (state.announcementsBefore ?? 0) + over };
}

/** Only what the runbook waits for wakes anybody, and only where nobody is there to read it. */
function told(state: State, question: Question, reminder: number, at: string): State {
  const next = withOneMore(state, { question: question.id, reminder });
  const roles = question.blocking && climbs(state) && !isAttended(state, at) ? wanted(state, question) : [];
  const because = `${reminder > 0 ? 'still asked' : 'asked'} “${question.title}”`;
  return roles.length > 0 ? withPage(next, { roles, because }) : next;
}

const isAttended = ({ times, heard }: State, at: string) =>
  times.acknowledged !== undefined && at < after(heard ?? times.acknowledged, attention);

/** Who must answer. Until somebody commands the ladder calls for a commander; whom it calls anyway is not called twice. */
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

/** The next question of a role waits no longer. */
export const dueTurns = (state: State): Due[] =>
  state.questions.filter(isWaiting).flatMap(({ id, title, owner }) => {
    const at = turnEnds(state, owner);
    return at === undefined ? [] : [{ at, what: `ask “${title}” too`, event: { kind: 'turn over', question: id } }];
  });
