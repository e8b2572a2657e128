/** Changes that remain of an incident that has ended. */

import { type Change, type Report, restartField, targetName } from '../../workflows/contract/index.ts';
import { Stop } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { ending } from '../incident.ts';
import type { Desk } from './desk.ts';
import { type Standing, standing } from './standing.ts';

/** How Temporal ended an incident before it could close by itself. */
export interface CutOff {
  /** Such as `terminated`. */
  how: string;
  /** RFC 3339. */
  at: string;
  /** It was reset, and goes on as another run. */
  replaced: boolean;
  left: Left;
}

export interface Left {
  /** `runbooks undo` takes these back. */
  settings: Change[];
  /** Only people can take these back. */
  others: Change[];
  /** True if the objects themselves were read; else it is the incident's own record. */
  looked: boolean;
}

export async function cutOff(desk: Desk, incident: Listed, report: Report): Promise<CutOff> {
  const { opened, closed = opened, replaced = false } = incident;
  return { how: ending(incident), at: closed, replaced, left: await leftBy(desk, incident, report) };
}

/** The same of one that closed while changes of it stood. */
export async function leftStanding(desk: Desk, incident: Listed, report: Report): Promise<Left | undefined> {
  return report.standing ? leftBy(desk, incident, report) : undefined;
}

async function leftBy(desk: Desk, incident: Listed, report: Report): Promise<Left> {
  const recorded = leftByRecord(report);
  try {
    const found = await standing(desk, await desk.temporal.idOf(incident));
    const unread = recorded.settings.filter(({ target }) => found.unread.includes(target));
    return { ...recorded, settings: [...found.standing.flatMap(fieldsOf), ...unread], looked: true };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return recorded;
  }
}

const fieldsOf = ({ takeBack, before, set }: Standing): Change[] =>
  Object.entries(set)
    .map(([field, after]) => ({ target: targetName(takeBack.target), field, before: before[field] ?? null, after }))
    .filter(change => change.before !== change.after);

/** A restart and a text are events: nothing of them is left. */
const events = [restartField, 'text'];

/** Fields that differ at the end from what they were at the beginning. */
export function leftByRecord({ steps }: Pick<Report, 'steps'>): Left {
  const settings = new Set(steps.flatMap(({ takeBack: of }) => (of ? [targetName(of.target)] : [])));
  const fields = new Map<string, Change>();
  for (const change of steps.filter(({ state }) => state !== 'would have').flatMap(({ changes }) => changes)) {
    const id = `${change.target} ${change.field}`;
    fields.set(id, { ...change, before: (fields.get(id) ?? change).before });
  }
  const left = [...fields.values()].filter(({ field, before, after }) => before !== after && !events.includes(field));
  const { yes = [], no = [] } = Object.groupBy(left, ({ target }) => (settings.has(target) ? 'yes' : 'no'));
  return { settings: yes, others: no, looked: false };
}
