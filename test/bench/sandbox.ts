/** What the kit costs in the sandbox, against the same by hand. */

import type { Command, Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { finding } from '../support/rehearsing.ts';
import { leastCpu } from './cpu.ts';
import { ended, replay, whole } from './outage.ts';
import type { Row } from './row.ts';

interface Both {
  kit: Sandbox;
  bare: Sandbox;
}

export async function inTheSandbox(both: Both): Promise<Row[]> {
  const [mine, theirs] = [await whole(both.kit), await whole(both.bare)];
  return [
    { what: 'Activities that only one of both calls', value: differing(mine, theirs), unit: 'things', goal: 0 },
    { what: 'CPU in the sandbox, the same activities', value: await replays(both), goal: 1.5, tolerance: 0.1 },
    { what: 'CPU of a rehearsal', value: await rehearsals(both), goal: 2.5, tolerance: 0.15 },
    { what: 'First activity scheduled, as event number', value: firstActivity(mine), unit: 'things', goal: 6 },
    { what: 'Events the kit adds to an undisturbed step', value: await addedToStep(both.kit), unit: 'things', goal: 0 },
  ];
}

const several = (times: number, work: () => Promise<unknown>) => async () => {
  for (let time = 0; time < times; time += 1) await work();
};

/** The incident's workflow tasks alone, once they are known. */
async function replays({ kit, bare }: Both): Promise<number> {
  const [mine, theirs] = [await ended(kit), await ended(bare)];
  const [ours = 0, hand = 0] = await leastCpu(40, [several(5, () => replay(mine)), several(5, () => replay(theirs))]);
  await mine.dispose();
  await theirs.dispose();
  return ours / hand;
}

/** Both must do the same, or nothing is compared. */
function differing(mine: Command[][], theirs: Command[][]): number {
  const types = (tasks: Command[][]) => tasks.flat().flatMap(({ scheduleActivity }) => scheduleActivity?.activityType ?? []);
  const left = types(theirs);
  const alone = types(mine).filter(type => !left.includes(type) || left.splice(left.indexOf(type), 1).length === 0);
  return alone.length + left.length;
}

/** With the server that a rehearsal plays, and one replay of everything. */
async function rehearsals({ kit, bare }: Both): Promise<number> {
  const [mine = 0, theirs = 0] = await leastCpu(25, [several(4, () => whole(kit)), several(4, () => whole(bare))]);
  return mine / theirs;
}

/** Before it: started, signalled, and the task that was scheduled, started and completed. */
const firstActivity = ([first = []]: Command[][]) => 6 + first.findIndex(({ scheduleActivity }) => scheduleActivity != null);

/** The same outage with one step more and less: what more there is, besides its one activity. */
async function addedToStep(kit: Sandbox): Promise<number> {
  const less = await whole(kit, { world: { 'Activate Circuit Breaker: measured': finding('faulty') } });
  const [more = 0, fewer = 0] = [await whole(kit), less].map(tasks => tasks.flat().length);
  return more - fewer - 1;
}
