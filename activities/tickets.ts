/** Follow-ups where people keep their work. */

import { z } from 'zod';
import type { Call, Effect, FollowUp, Outcome } from '../workflows/contract/index.ts';
import { type Artifacts, sha256 } from './connectors/artifacts.ts';
import type { Ticket, Tickets } from './connectors/tickets.ts';
import type { Deps } from './deps.ts';
import { crossing } from './failures.ts';
import { incidentOf } from './guard.ts';
import { kept } from './kept.ts';
import { incidentLink } from './links.ts';
import { aboutOf } from './messages/incident.ts';
import { ticketText, ticketTitle } from './messages/ticket.ts';
import { unread, unwritten } from './unread.ts';

/** `number`: which follow-up of the record it is. */
export interface TicketInput {
  followUp: FollowUp;
  number: number;
}

const remembered = z.object({ id: z.string() });
const day = 86_400_000;

export const ticketActivities = (deps: Deps) => ({
  /**
   * One ticket for a follow-up: opened, or rewritten where its text has changed; closed where it is over. Twice equals once: a ticket
   * carries a mark, which is made of the incident (or the key that several share), the owner and the title, and is looked for first.
   */
  fileTicket: crossing(async ({ followUp }: TicketInput, call: Call): Promise<Outcome> => {
    const { tickets } = deps.systems;
    if (!tickets) return { byHand: { system: 'tickets', because: notConnected, paste: '' } };
    const mark = markOf(deps, followUp, call);
    const found = await findIn(deps, tickets, mark, followUp, call);
    if (found === 'gone') return leftAlone('Its ticket was deleted or moved, or is none of ours any more: it is left alone.');
    const about = aboutOf(call.about, incidentOf(call.key));
    const wanted = { title: ticketTitle(followUp), text: ticketText(followUp, about, incidentLink(deps, about)) };
    if (followUp.over) return endOf(tickets, mark, found, wanted.text);
    if (!found || isOfBefore(found, followUp)) return opened(deps, tickets, mark, { ...wanted, labels: [followUp.owner] });
    return kindly(tickets, mark, found, wanted.text);
  }),
});

const notConnected = 'the worker is not connected to tickets: set TICKETS_REPOSITORY and TICKETS_TOKEN for it too';

/** Of a follow-up that recurs the owner may change. */
const markOf = ({ platform }: Deps, { recurs, owner, title }: FollowUp, { key }: Call) =>
  sha256(JSON.stringify([platform.cluster, ...(recurs === undefined ? [incidentOf(key), owner, title] : [recurs])]));

const recordOf = (mark: string) => `tickets/${mark}`;

/** By its number, where that is kept; else, or where it is of before, among all of ours that may be it: the answer to the last one may have been lost. */
async function findIn(
  { systems: { artifacts }, now }: Deps,
  tickets: Tickets,
  mark: string,
  followUp: FollowUp,
  { about }: Call,
) {
  const known = await kept(artifacts, recordOf(mark), remembered).catch(() => undefined);
  const before = known && ((await tickets.read(mark, known.id)) ?? 'gone');
  if (before && (before === 'gone' || !isOfBefore(before, followUp))) return before;
  const times = [followUp.since, about?.opened, about?.fired].map(at => Date.parse(at ?? '')).filter(at => !Number.isNaN(at));
  const found = await tickets.find(mark, Math.min(now(), ...times) - day);
  if (before && found && found.id !== before.id) await remember(artifacts, mark, found);
  return found ?? before;
}

/** Closed before it began again: that was another time. */
const isOfBefore = ({ closed }: Ticket, { since }: FollowUp) =>
  closed !== undefined && since !== undefined && Date.parse(closed.at) < Date.parse(since);

type Wanted = Parameters<Tickets['open']>[1];

/** A store that cannot be written keeps no ticket from being opened: it is found by its mark. */
const remember = (artifacts: Artifacts, mark: string, { id }: Ticket) =>
  artifacts.write(recordOf(mark), JSON.stringify({ id })).catch(() => undefined);

async function opened({ systems: { artifacts } }: Deps, tickets: Tickets, mark: string, wanted: Wanted): Promise<Outcome> {
  const ticket = await tickets.open(mark, wanted);
  await remember(artifacts, mark, ticket);
  return written(`Opened ${ticket.name}.`, ticket);
}

/** A ticket that people have closed or rewritten is left as it is, and it is said so. */
async function kindly(tickets: Tickets, mark: string, ticket: Ticket, text: string): Promise<Outcome> {
  const { name, closed } = ticket;
  if (closed)
    return leftAlone(
      `${name} was closed by ${closerOf(closed)} and is not reopened: reopen it there if this is still to be done.`,
      ticket,
    );
  if (ticket.text === undefined)
    return leftAlone(`${name} is open; people have rewritten its text, which is left alone.`, ticket);
  if (ticket.text === text) return leftAlone(`${name} is open, and says so already.`, ticket);
  return written(`Rewrote ${name}.`, await tickets.update(mark, ticket, text));
}

const closerOf = ({ by, at, ours }: NonNullable<Ticket['closed']>) => `${ours ? 'us' : (by ?? 'someone')} on ${at.slice(0, 10)}`;

async function endOf(tickets: Tickets, mark: string, ticket: Ticket | undefined, text: string): Promise<Outcome> {
  if (!ticket) return leftAlone('It has no ticket.');
  if (ticket.closed) return leftAlone(`${ticket.name} is closed already.`, ticket);
  return written(`Closed ${ticket.name}: it is over, as measured.`, await tickets.close(mark, ticket, text));
}

const written = (note: string, ticket: Ticket) => noted(note, unread, ticket);
const leftAlone = (note: string, ticket?: Ticket) => noted(note, unwritten, ticket);

const noted = (note: string, effect: Effect, ticket?: Ticket): Outcome => ({
  done: { note, changes: [], effect, ...(ticket && { link: ticket.href }) },
});
