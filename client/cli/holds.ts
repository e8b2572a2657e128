/** The holds in force, of everything and of single incidents, in the words of `list` and `show`. */

import { NotFound, Stop } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { readHold } from './cluster.ts';
import type { Desk } from './desk.ts';
import { heldBy } from './hold.ts';
import { line } from './text.ts';

export interface Holds {
  /** Of everything. */
  held: boolean;
  reason?: string | undefined;
  /** Of single incidents, by their id. */
  incidents: { id: string; reason: string }[];
}

const ofOne = 'hold.';

/** A ConfigMap that is missing holds everything. Throws `Failed`. */
export async function holdsNow(desk: Desk): Promise<Holds> {
  try {
    return holdsIn(await readHold(desk));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    return { held: true, reason: error.message, incidents: [] };
  }
}

export function holdsIn(data: Record<string, string>): Holds {
  const { hold: reason } = data;
  const incidents = Object.entries(data).flatMap(([key, text]) =>
    key.startsWith(ofOne) && text ? [{ id: key.slice(ofOne.length), reason: text }] : [],
  );
  return { held: Boolean(reason), reason, incidents };
}

/** Of open incidents that are held alone, the name and why. */
export async function heldIncidents(desk: Desk, { incidents }: Holds): Promise<{ incident: string; reason: string }[]> {
  const found = incidents.map(async ({ id, reason }) => {
    const incident = await desk.temporal.byId(id);
    return incident?.open ? [{ incident: incident.name, reason }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** How an open incident is held, with the command that releases it; nothing where it is not, or where that is not known. */
export async function heldNow(desk: Desk, incident: Listed): Promise<string | undefined> {
  if (!incident.open) return undefined;
  try {
    return heldLine(await holdsNow(desk), await desk.temporal.idOf(incident), incident.name);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    desk.note(line`Not checked, whether it is held: ${error.message}`);
    return undefined;
  }
}

/** Everything is held before one incident is: releasing the one alone would change nothing. */
export function heldLine({ held, reason = '', incidents }: Holds, id: string, name: string): string | undefined {
  if (held) return everythingHeld(reason);
  const own = incidents.find(one => one.id === id);
  return own && oneHeld(name, own.reason);
}

export const everythingHeld = (reason: string) => `EVERYTHING IS HELD${released(reason, '--all')}`;
export const oneHeld = (name: string, reason: string) => line`${name} IS HELD${released(reason, name)}`;

function released(text: string, what: string): string {
  const { reason, by, since } = heldBy(text);
  return line`${since ? ` since ${since}` : ''}${by ? ` by ${by}` : ''}: ${reason} Release with: runbooks release ${what}`;
}
