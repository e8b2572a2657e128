/** Changes that stand, with the incidents that made them and the commands that undo them. */

import { targetName } from '../../workflows/contract/index.ts';
import { Stop, TemporalUnreachable } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { reported } from '../reported.ts';
import type { Desk } from './desk.ts';
import { type Holds, holdsNow } from './holds.ts';
import { stepOf } from './recorded-changes.ts';
import { allStanding, type Standing, standing } from './standing.ts';
import { bold, line, span, table } from './text.ts';

export interface StandingChange {
  /** Short name; its id where Temporal has it no longer. */
  incident: string;
  /** Title of the step that made it. */
  change: string;
  /** As people name them. */
  targets: string[];
  /** RFC 3339, if it is known. */
  since?: string | undefined;
  /** It is meant to outlast its incident. */
  stays?: true | undefined;
  /** The command to type. */
  undo: string;
}

/** Throws `Stop` where the cluster or Temporal does not answer. */
async function standingChanges(desk: Desk, whose: 'open' | 'ended'): Promise<StandingChange[]> {
  const found = await allStanding(desk);
  const ofEach = [...Map.groupBy(found.standing, ({ incident }) => incident)];
  const changes = ofEach.map(async ([id, records]) => {
    const incident = await desk.temporal.byId(id);
    const isOpen = incident?.open ?? false;
    return isOpen === (whose === 'open') ? changesOf(desk, incident, id, records) : [];
  });
  return (await Promise.all(changes)).flat();
}

/** Of every incident; by its id alone where Temporal does not answer. */
export async function changesIn(desk: Desk, records: Standing[]): Promise<StandingChange[]> {
  const ofEach = [...Map.groupBy(records, ({ incident }) => incident)];
  const changes = ofEach.map(async ([id, carried]) => {
    try {
      return await changesOf(desk, await desk.temporal.byId(id), id, carried);
    } catch (error) {
      if (!(error instanceof TemporalUnreachable)) throw error;
      return changesOf(desk, undefined, id, carried);
    }
  });
  return (await Promise.all(changes)).flat();
}

/** One line for each change, however many objects carry its record. */
async function changesOf(desk: Desk, incident: Listed | undefined, id: string, records: Standing[]): Promise<StandingChange[]> {
  const { report } = incident ? await reported(desk.temporal, incident) : {};
  const { isMeantToStay } = await import('../../activities/index.ts');
  const name = incident?.name ?? id;
  const byKey = Map.groupBy(records, ({ takeBack }) => takeBack.key);
  return [...byKey].map(([key, carried]) => {
    const step = report && stepOf(report, key);
    return {
      incident: name,
      change: step?.title ?? titleIn(key),
      targets: carried.map(({ takeBack: { target } }) => targetName(target)),
      since: step?.changed ?? step?.ended,
      stays: carried.some(({ takeBack: { action } }) => isMeantToStay(action)) ? true : undefined,
      undo: `runbooks undo ${name}`,
    };
  });
}

/** Of `id/Immediate Response/Activate Circuit Breaker/1`. */
const titleIn = (key: string) => (key.split('/').at(-2) ?? key).replaceAll('%2F', '/').replaceAll('%25', '%');

export interface PlatformNow {
  /** The holds; null where it could not be read. */
  hold: Holds | null;
  /** Null where they could not be read. */
  standing: StandingChange[] | null;
}

/** Reads both; where the cluster cannot be read, one note says so. */
export async function platformNow(desk: Desk): Promise<PlatformNow> {
  const [hold, standing] = await Promise.all([unlessStopped(holdsNow(desk)), unlessStopped(standingChanges(desk, 'ended'))]);
  const [failed] = [hold, standing].filter(found => found instanceof Stop);
  if (failed) desk.note(line`Not checked, whether everything is held and which changes stand: ${failed.message}`);
  return { hold: hold instanceof Stop ? null : hold, standing: standing instanceof Stop ? null : standing };
}

/** Changes of one incident, or of all that are open; nothing, and a note, where they cannot be read. */
export async function standingNow(desk: Desk, incident?: Listed): Promise<StandingChange[] | null> {
  const standing = await unlessStopped(incident ? standingOf(desk, incident) : standingChanges(desk, 'open'));
  if (!(standing instanceof Stop)) return standing;
  desk.note(line`Not checked, which changes stand: ${standing.message}`);
  return null;
}

async function standingOf(desk: Desk, incident: Listed): Promise<StandingChange[]> {
  const id = await desk.temporal.idOf(incident);
  return changesOf(desk, incident, id, (await standing(desk, id)).standing);
}

const unlessStopped = <T>(found: Promise<T>): Promise<T | Stop> =>
  found.catch((error: unknown) => (error instanceof Stop ? error : Promise.reject(error)));

/** A section of its own, or nothing. */
export function standingSection(title: string, standing: StandingChange[] | null, now: number): string[] {
  if (!standing || standing.length === 0) return [];
  const rows = standing.map(({ incident, change, targets, since, stays, undo }) => [
    incident,
    `${change}: ${targets.join(', ')}${stays ? ' (meant to stay)' : ''}`,
    since === undefined ? '-' : span(now - Date.parse(since)),
    undo,
  ]);
  return ['', bold(title), ...table(['INCIDENT', 'CHANGE', 'FOR', 'UNDO'], rows)];
}
