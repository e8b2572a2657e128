import type { Receipt, Role, Unreached } from '../../contract/index.ts';
import type { Incident } from '../incident/incident.ts';
import { nightEnds } from '../record/night.ts';
import type { Acting } from './acting.ts';

/** Notes which roles a page has reached. Hours that begin in a night wait for its end, where the severity lets people sleep. */
export function noteReach(incident: Incident, { type, input }: Acting, unreached: Unreached[]) {
  if (type !== 'page') return;
  const { state, start } = incident;
  const awake = (from: string | undefined) => from && (nightEnds(state, start.platform, from) ?? from);
  const missing = unreached.map(one => ({ ...one, from: utc(awake(one.from)) }));
  incident.record({ kind: 'paged', roles: (input as { roles: Role[] }).roles, unreached: missing });
}

/** In the form of our own times: texts are compared. */
const utc = (time: string | undefined) => time && new Date(time).toISOString();

/** Notes where the ticket of a follow-up is, and what became of it. */
export function noteTicket(incident: Incident, { type, input }: Acting, { link: href, note: text }: Receipt) {
  if (type !== 'fileTicket' || href === undefined) return;
  incident.record({ kind: 'ticket', number: (input as { number: number }).number, ticket: { href, text } });
}
