/** Rollbacks that fell due while everything was held, and wait: what is released first. */

import { Refused } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { reported } from '../reported.ts';
import type { Desk } from './desk.ts';
import { openQuestions } from './first-lines.ts';
import { endOf, type Undone } from './take-back.ts';

export interface HeldUndo {
  incident: string;
  result: Undone['result'];
  because: string;
}

/** Of these, rollbacks that wait as held. */
export async function heldUndos(desk: Desk, open: Listed[]): Promise<Listed[]> {
  const undos = open.filter(({ type }) => type === 'takeBack');
  const waiting = undos.map(async incident => ((await waitsAsHeld(desk, incident)) ? [incident] : []));
  return (await Promise.all(waiting)).flat();
}

async function waitsAsHeld(desk: Desk, incident: Listed): Promise<boolean> {
  const { report } = await reported(desk.temporal, incident);
  return report !== undefined && openQuestions(report).some(({ kind }) => kind === 'held');
}

/** Goes on with each, and waits until it has ended or asks; milliseconds at the longest. */
export function releaseUndos(desk: Desk, undos: Listed[], { by, within }: { by: string; within: number }): Promise<HeldUndo[]> {
  const until = desk.now() + within;
  return Promise.all(
    undos.map(async incident => {
      await signalled(desk, incident, by);
      const { result, because } = await endOf(desk, incident, until);
      return { incident: incident.name, result, because };
    }),
  );
}

/** False where it has closed meanwhile: then nothing of it is held. */
export async function signalled(desk: Desk, incident: Listed, by: string): Promise<boolean> {
  try {
    await desk.temporal.signal(incident, 'release', { by });
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
