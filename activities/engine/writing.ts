/** Carries writes out: one after the other, the hold read before each, and what is there already is not written again. */

import type { Target } from '../../workflows/contract/action.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import { type Because, forbidding } from '../guard.ts';
import { patiently } from '../patience.ts';
import type { ActionContext } from './action.ts';
import { failedAfter, stoppedAfter } from './begun.ts';
import { Moved } from './moved.ts';
import type { Snapshot, TargetSystem } from './target.ts';
import { isWritten, onlyRestore, stillFits, toLetGo, type Write } from './write.ts';

/** Asked right before each write. A mode that only observes does not keep us from restoring what we have changed ourselves. */
export function forbiddenNow(context: ActionContext, writes: Write[] = []): Promise<Because | undefined> {
  const { incidents } = context.authority;
  return forbidding(onlyRestore(writes) ? { ...context, authority: { incidents } } : context);
}

/** @throws SystemError when it is not connected */
export function systemOf({ systems }: ActionContext, { system }: Target): TargetSystem {
  const found = systems[system];
  if (found) return found;
  throw notConnected(system, 'its variables');
}

export const readTarget = (context: ActionContext, target: Target): Promise<Snapshot> => systemOf(context, target).read(target);

/** Nothing for an object that is gone. @throws SystemError */
export async function readIfThere(context: ActionContext, target: Target): Promise<Snapshot | undefined> {
  try {
    return await readTarget(context, target);
  } catch (error) {
    if (error instanceof SystemError && error.status === 404) return undefined;
    throw error;
  }
}

/** Nothing when it is written; why not, when it was forbidden. @param all writes of the draft @throws Moved, SystemError */
export async function carryOut(write: Write, context: ActionContext, all: Write[]): Promise<Because | undefined> {
  context.running.heartbeat();
  const now = await patiently(() => readTarget(context, write.target), context.deps, context.running);
  if (!stillFits(write, now)) throw new Moved();
  if (isWritten(write, now)) return undefined;
  const because = await forbiddenNow(context, all);
  if (!because) await systemOf(context, write.target).write(write, now);
  return because;
}

/** Nothing when all are written. @param already written before @throws Moved, SystemError */
export async function carryOutAll(writes: Write[], context: ActionContext, already: Write[] = []): Promise<Because | undefined> {
  const written = new Set(already);
  for (const write of writes) {
    const because = await carryOut(write, context, writes).catch(error => {
      throw failedAfter(error, writes, [...written]);
    });
    if (because) return stoppedAfter(because, writes, [...written]);
    written.add(write);
  }
  return undefined;
}

/** Lets go what this key has written of a draft, and gives what was put back; no one is asked. @throws Moved, SystemError */
export async function putBack(writes: Write[], context: ActionContext): Promise<{ back: Write[]; because?: Because }> {
  const { deps, running } = context;
  const read = ({ target }: Write) => patiently(() => readIfThere(context, target), deps, running);
  const snapshots = await Promise.all(writes.map(read));
  const isMine = ({ key }: { key: string }) => key === context.call.key;
  const back = snapshots.flatMap(now => (now ? toLetGo(now, isMine, context.call.key) : []));
  const because = await carryOutAll(back, context);
  return { back, ...(because && { because }) };
}
