/** What a tour makes of each line of the written document, from who answered its steps. */

import { writeFileSync } from 'node:fs';
import type { Kind, LineRun, WrittenLine } from '../../client/coverage.ts';
import type { Answered } from './answered-by.ts';

const steps: readonly Kind[] = ['step', 'check', 'watch'];
const peoples: readonly Kind[] = ['task', 'ask', 'cause', "a person's"];

/** A task for a line that the step map gives to an activity is no step of ours yet. */
const isLeftToPeople = ({ kind, activity, differs }: WrittenLine) =>
  kind === 'task' && !activity.startsWith('kit:') && differs.includes('activity');

/** @param answered by the slug of each runbook that ran */
export function lineRunOf(line: WrittenLine, answered: ReadonlyMap<string, Answered>): LineRun {
  const { kind, places, runbook } = line;
  if (kind === 'unmapped' || isLeftToPeople(line)) return 'not yet';
  if (peoples.includes(kind)) return "a person's by the document";
  if (!steps.includes(kind)) return 'data';
  const ran = [...(answered.get(runbook) ?? [])].filter(([title]) => places.some(place => isOf(place, title)));
  if (ran.length === 0) return 'not yet';
  return ran.some(([, by]) => by === 'stand-in') ? 'ran against a stand-in' : 'ran for real';
}

/** A computed detail may be any. */
function isOf(place: string, title: string): boolean {
  const [fixed = '', computed] = place.split('${');
  return computed === undefined ? title === place : title.startsWith(fixed);
}

/** Steps of runbooks that did not run this time stay as they are. */
export function writeLineRuns(lines: WrittenLine[], answered: ReadonlyMap<string, Answered>): void {
  const isKept = ({ kind, runbook }: WrittenLine) => steps.includes(kind) && !answered.has(runbook);
  const runs = Object.fromEntries(lines.map(line => [line.id, isKept(line) ? line.ran : lineRunOf(line, answered)]));
  writeFileSync(new URL('../../docs/written/coverage.json', import.meta.url), `${JSON.stringify(runs, undefined, 2)}\n`);
}
