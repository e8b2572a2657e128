import { messageOf } from '../../catalog/activities.ts';
import { urgencies } from '../../catalog/index.ts';
import type { FollowUp, Role } from '../../contract/index.ts';
import type { Acting } from './acting.ts';
import { askedOf } from '../incident/board.ts';
import { numberedAfter } from '../record/bounds.ts';
import type { Event } from '../record/events.ts';
import type { Incident } from '../incident/incident.ts';
import type { Page } from '../record/state.ts';
import type { Outbox } from './outbox.ts';
import { pagingPhase, questionsPhase, ticketsPhase } from '../record/phases-of-ours.ts';
import { nightEnds } from '../record/night.ts';
import { type Announcement, isOpen, type State } from '../record/state.ts';

/** Sends what the clocks want sent, each once: the n-th has the same key in every run. */
export async function runNotifications(incident: Incident, outbox: Outbox): Promise<never> {
  let [paged, said, filed] = [0, 0, 0];
  const toBeFiled = () => (incident.start.platform.tickets ? numberedAfter(incident.state.followUps, 0, filed) : []);
  const isNew = (state: State) =>
    newPages(state, paged).length > 0 || newAnnouncements(state, said).length > 0 || toBeFiled().length > 0;
  for (;;) {
    await incident.until(() => isNew(incident.state));
    const { state } = incident;
    for (const [page, number] of newPages(state, paged)) sendPage(incident, outbox, page, (paged = number));
    for (const [one, number] of newAnnouncements(state, said)) announce(incident, outbox, one, (said = number));
    for (const [one, number] of toBeFiled()) file(incident, outbox, one, (filed = number));
  }
}

const newPages = ({ paging: { pages, pagesBefore } }: State, after: number) => numberedAfter(pages, pagesBefore, after);
const newAnnouncements = ({ announcements, announcementsBefore }: State, after: number) =>
  numberedAfter(announcements, announcementsBefore, after);

function sendPage(incident: Incident, outbox: Outbox, { roles, because, unlessAcknowledged }: Page, again: number) {
  const title = `Page ${roles.join(', ')}: ${because}`;
  const input = { roles, because, again, unlessAcknowledged };
  tell(incident, outbox, { title, phase: pagingPhase, number: again, type: 'page', input });
}

/** One ticket for each owner and title: a later follow-up with another text rewrites it. */
function file(incident: Incident, outbox: Outbox, { ticket: _, ...followUp }: FollowUp, number: number) {
  const title = `Ticket for ${followUp.owner}: ${followUp.title}`;
  tell(incident, outbox, { title, phase: ticketsPhase, number, type: 'fileTicket', input: { followUp, number } });
}

/** No one is told of a question that is settled by now. */
function announce(incident: Incident, outbox: Outbox, said: Announcement, number: number) {
  const phase = questionsPhase;
  if ('remark' in said)
    return tell(incident, outbox, { title: said.remark, phase, number, type: 'remark', input: { text: said.remark } });
  if ('repeat' in said) return repeat(incident, outbox, said.repeat, number);
  const { question: id, reminder } = said;
  const isAsked = () => incident.state.questions.some(asked => asked.id === id && isOpen(asked));
  const question = incident.state.questions.find(asked => asked.id === id);
  if (!question || !isAsked()) return;
  const title = `${reminder > 0 ? 'Remind' : 'Ask'} ${question.owner}: ${question.title}`;
  const unwanted = () => (isAsked() ? undefined : 'the question is settled');
  const input = { question: askedOf(question, incident.state.incident), reminder };
  tell(incident, outbox, {
    title,
    phase,
    number,
    type: 'announce',
    input,
    noted: { question: id, reminder },
    unwanted,
  });
}

/** Another message to the same place, such as the end of the incident, stands. */
function repeat(incident: Incident, outbox: Outbox, key: string, number: number) {
  const { title, action } = incident.step(key) ?? {};
  if (title && action && !isReplaced(incident, action.type))
    tell(incident, outbox, { title: `${title}: again`, repeats: title, phase: questionsPhase, number, ...action });
}

const isReplaced = ({ state }: Incident, type: string) =>
  state.steps.some(({ action }) => action && action.type !== type && messageOf(action.type)?.sink === messageOf(type)?.sink);

interface Telling extends Pick<Acting, 'title' | 'type' | 'input' | 'repeats' | 'unwanted'> {
  phase: string;
  number: number;
  /** The part of the input that the record keeps. */
  noted?: unknown;
}

function tell(incident: Incident, outbox: Outbox, { phase, number, noted, ...telling }: Telling) {
  const { title, type, input } = telling;
  const key = `${incident.id}/${phase}/${number}`;
  const acting: Acting = { ...telling, key, blocking: false };
  const recorded = incident.step(key);
  if (recorded?.ended && !outbox.owes(acting, recorded)) return;
  if (!recorded) incident.record({ kind: 'step began', key, title, phase, action: { type, input: noted ?? input } });
  outbox.send(acting);
}

/** Sends a runbook's own message. A page may be a ticket, or wait for the morning. */
export function sendMessage(incident: Incident, outbox: Outbox, acting: Acting) {
  if (acting.type !== 'page') return outbox.send(acting);
  const { state, start } = incident;
  const { title, key } = acting;
  const { roles } = acting.input as { roles: Role[] };
  const instead = (because: string, event: Event) => {
    incident.record(event);
    incident.record({ kind: 'step settled', key, state: 'withdrawn', because });
  };
  if (state.severity === 'P3')
    return instead('a P3 pages no one', { kind: 'follow-up', title, owner: roles[0] ?? 'primary', confirm: state.summary });
  const until = nightEnds(state, start.platform, incident.now());
  if (until !== undefined)
    return instead(`quiet hours: summary sent at ${until}`, { kind: 'left for the morning', roles, until });
  return sendOurs(incident, outbox, acting, roles);
}

/** Where Alertmanager has paged the first level for its alert, a page is for the other roles. */
function sendOurs(incident: Incident, outbox: Outbox, acting: Acting, roles: Role[]) {
  const { platform, alert } = incident.start;
  const theyPaged = platform.ladderBegins === 1 && alert.source === 'alertmanager';
  const theirs = theyPaged ? (urgencies[incident.state.severity].ladder[0]?.roles ?? []) : [];
  const ours = roles.filter(role => !theirs.includes(role));
  if (ours.length > 0) return outbox.send({ ...acting, input: { ...(acting.input as object), roles: ours } });
  incident.record({ kind: 'delivered', system: 'pager', page: true });
  incident.record({ kind: 'step settled', key: acting.key, state: 'done', because: `Alertmanager pages ${roles.join(', ')}` });
}
