/** Changes of ours that stand: the records on the objects that incidents may change. */

import { type TakeBack, type Target, targetName } from '../../workflows/contract/index.ts';
import { Failed } from '../errors.ts';
import { changeable } from '../platform.ts';
import { labelledTargets, recordsOn } from './cluster.ts';
import type { Desk } from './desk.ts';
import { line } from './text.ts';

/** A change that stands on an object, with what was before. */
export interface Standing {
  /** First run id of the incident that made it. */
  incident: string;
  takeBack: TakeBack;
  /** By field; null means absent. */
  before: Record<string, string | null>;
  set: Record<string, string | null>;
}

export interface Found {
  standing: Standing[];
  /** Names of the objects outside the cluster whose records cannot be read from here. */
  unread: string[];
  /** Records of ours from which nothing can be restored. */
  others: { target: Target; record: string }[];
}

/** Changes of an incident, by its id, that still stand. Throws where the cluster does not answer. */
export async function standing(desk: Desk, incident: string): Promise<Found> {
  const found = await allStanding(desk);
  return { ...found, standing: found.standing.filter(one => one.incident === incident) };
}

/** The same of every incident. A record that no one can read is noted: no incident has it, and its change stands. */
export async function allStanding(desk: Desk): Promise<Found> {
  const { standingOn } = await import('../../activities/engine/holders.ts');
  const unread: string[] = [];
  const useless: Found['others'] = [];
  const { uniqueTargets } = await import('../../activities/engine/target.ts');
  const targets = uniqueTargets([...changeable(desk.platform()), ...(await labelledTargets(desk))]);
  const found = targets.map(async target => {
    const records = await recordsOn(desk, target).catch(error => {
      if (target.system === 'kubernetes' || !(error instanceof Failed)) throw error;
      unread.push(targetName(target));
      return {};
    });
    const { holders, unreadable, others } = standingOn(target, records);
    useless.push(...others.map(record => ({ target, record })));
    for (const text of unreadable) desk.note(line`${text}`);
    return holders.map(({ incident, action, key, before, set }): Standing => {
      const takeBack = { action, key, target, words: action };
      return { incident, takeBack, before, set };
    });
  });
  return { standing: (await Promise.all(found)).flat(), unread, others: useless };
}
