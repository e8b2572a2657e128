/** A draft as people read it, with the digest that an approval is bound to. */

import type { Call, Plan } from '../../workflows/contract/action.ts';
import type { Because } from '../guard.ts';
import type { ActionContext, Unconfirmed, Words } from './action.ts';
import { readObject } from './kubernetes-targets.ts';
import { putBackBy } from './ownership.ts';
import { basisOf, jobsByPod, restarts, rolledBy } from './rolling.ts';
import { changesOf, digestOfWrites, type Write } from './write.ts';

/** @throws SystemError */
export async function planOf(writes: Write[], words: Words, context: ActionContext): Promise<Plan> {
  const [rolled, owners] = await Promise.all([rolledBy(writes, context), ownersOf(writes, context)]);
  const inFlight = rolled.length > 0 ? await jobsByPod(context.deps) : undefined;
  const restsOn = words.restsOn ?? [];
  return {
    summary: words.summary,
    changes: changesOf(writes),
    consequences: [...words.consequences, ...restarts(rolled, inFlight), ...owners],
    restsOn: [...rolled.flatMap(basisOf), ...restsOn],
    digest: digestOfWrites(writes, restsOn),
  };
}

/** Owners of the object that will undo our change. */
async function ownersOf(writes: Write[], { kubernetes, systems }: ActionContext): Promise<string[]> {
  const isOurs = (write: Write) => systems.kubernetes?.tries?.(write.target) !== undefined;
  const touched = writes.filter(write => write.target.system === 'kubernetes' && write.edits.length > 0 && !isOurs(write));
  const told = touched.map(async ({ target }) => putBackBy(target, await readObject(kubernetes, target)));
  return (await Promise.all(told)).flat();
}

export const byDryRun: Because = { reason: 'dry run', text: 'Only the plan was asked for.' };

/** Nothing when people need not look, or have approved exactly this. */
export async function unapproved(
  { approved }: Call,
  digest: string,
  asks: () => Promise<Because | undefined>,
): Promise<Because | undefined> {
  if (approved === digest) return undefined;
  if (approved !== undefined) return { reason: 'moved', text: 'The situation has changed since the plan was approved.' };
  return asks();
}

/** Why people are asked. What cannot be tried they approve, whatever is measured later. */
export function askedFor(asked: string | Unconfirmed | undefined, untried: string[]): Because | undefined {
  const isUnconfirmed = typeof asked === 'object';
  const text = [isUnconfirmed ? asked.text : asked, ...untried].filter(Boolean).join(' ');
  if (text === '') return undefined;
  return { reason: isUnconfirmed && untried.length === 0 ? 'not confirmed' : 'approval', text };
}
