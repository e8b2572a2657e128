/** All that is left of the product on a cluster and in Temporal, in the order in which it goes. Reads only. */

import { targetName } from '../../workflows/contract/index.ts';
import { NotFound, Stop } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { wantedSchedules } from '../schedules.ts';
import { readHold } from './cluster.ts';
import type { Desk } from './desk.ts';
import { heldBy } from './hold.ts';
import { holdsIn } from './holds.ts';
import { type Account, kubectlOn, objectsLeft } from './own-objects.ts';
import type { Remaining, Step } from './remaining.ts';
import { allStanding, type Found } from './standing.ts';
import { changesIn } from './standing-changes.ts';
import { line, quoted } from './text.ts';

/** Temporal is asked first: loading the Kubernetes client blocks this thread, and its time limit would pass meanwhile. */
export async function stepsLeft(desk: Desk, accounts: Account[]): Promise<Step[]> {
  const [incidents, schedules] = await Promise.all([
    reading(desk, async () => [
      ...(await desk.temporal.list()).map(openOne),
      ...(await desk.temporal.listBeside()).map(besideOne),
    ]),
    reading(desk, () => schedulesLeft(desk)),
  ]);
  const armed = await reading(desk, () => armedNow(desk));
  const found = await allStanding(desk).catch(unlessStop);
  const objects = await objectsLeft(desk, accounts);
  return [
    { step: 'Disarm, and release what is held: a hold stops undo too', ...armed },
    { step: 'Restore what was changed', ...(await changesLeft(desk, found)) },
    { step: 'End what is open in Temporal', ...incidents },
    { step: 'Delete the schedules', ...schedules },
    { step: 'Remove records from which nothing can be restored', ...recordsLeft(desk, found) },
    { step: 'Delete the objects', ...objects },
  ];
}

type Left = Omit<Step, 'step'>;

async function reading(desk: Desk, work: () => Promise<Remaining[]>): Promise<Left> {
  try {
    return { left: await work(), unread: [] };
  } catch (error) {
    return notRead(desk, unlessStop(error));
  }
}

function notRead(desk: Desk, { message, exit }: Stop): Left {
  desk.exit = Math.max(desk.exit, exit);
  return { left: [], unread: [message] };
}

function unlessStop(error: unknown): Stop {
  if (error instanceof Stop) return error;
  throw error;
}

/** By the hold's ConfigMap: without it nothing is armed, and nothing is held that release would end. */
async function armedNow(desk: Desk): Promise<Remaining[]> {
  const data = await readHold(desk).catch((error: unknown) => {
    if (error instanceof NotFound) return {};
    throw error;
  });
  const on = desk.context === undefined ? '' : ` --context ${quoted(desk.context)}`;
  const armed = Object.entries(data).flatMap(([key, mode]) =>
    key.startsWith('mode.') && mode === 'supervised' ? [key.slice('mode.'.length)] : [],
  );
  const { reason, incidents } = holdsIn(data);
  const held = [...(reason ? [{ id: '--all', reason }] : []), ...incidents];
  return [
    ...armed.map(slug => ({
      what: line`${slug} is armed`,
      command: `runbooks arm ${quoted(slug)} --mode observe --reason uninstall${on}`,
    })),
    ...held.map(({ id, reason }) => ({
      what: line`${id === '--all' ? 'Everything' : id} is held: ${heldBy(reason).reason}`,
      command: `runbooks release ${quoted(id)}${on}`,
    })),
  ];
}

async function changesLeft(desk: Desk, found: Found | Stop): Promise<Left> {
  if (found instanceof Stop) return notRead(desk, found);
  const left = await reading(desk, async () =>
    (await changesIn(desk, found.standing)).map(({ incident, change, targets, stays, undo }) => ({
      what: line`${change}: ${targets.join(', ')}, by ${incident}${stays ? ' (meant to stay)' : ''}`,
      command: undo,
    })),
  );
  return { ...left, unread: [...left.unread, ...found.unread.map(outside)] };
}

const outside = (name: string) =>
  line`${name}: its record lies in the artifact folder of the worker, which cannot be read here (ARTIFACTS).`;

function recordsLeft(desk: Desk, found: Found | Stop): Left {
  if (found instanceof Stop) return notRead(desk, found);
  const left = found.others.map(({ target, record }) => ({
    what: line`${record} on ${targetName(target)}: restore that by hand first`,
    command:
      target.system === 'kubernetes'
        ? `${kubectlOn(desk, target.namespace)} annotate ${target.kind.toLowerCase()} ${quoted(target.name)} ${quoted(record)}-`
        : null,
  }));
  return { left, unread: [] };
}

const openOne = ({ name, type, state, cluster }: Listed): Remaining => ({
  what:
    type === 'takeBack'
      ? line`${name} undoes a change later; it closes once that is undone`
      : line`${name} (${state ?? 'open'}${cluster ? `, on ${cluster}` : ''})`,
  command: `runbooks cancel ${quoted(name)} --reason uninstall`,
});

const besideOne = ({ workflowId }: Listed): Remaining => ({
  what: line`${workflowId} is open`,
  command: `temporal workflow terminate --workflow-id ${quoted(workflowId)} --reason uninstall`,
});

async function schedulesLeft(desk: Desk): Promise<Remaining[]> {
  const found = await desk.temporal.schedules.find(wantedSchedules(desk.platform(), {}, desk.now()));
  return found.map(({ name, words }) => ({
    what: line`${name} (${words.time})`,
    command: `temporal schedule delete --schedule-id ${quoted(name)}`,
  }));
}
