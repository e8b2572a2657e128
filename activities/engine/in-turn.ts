/** One workload after the other, each proved before the next is touched; where one fails, all are put back. */

import type { Outcome } from '../../workflows/contract/action.ts';
import { stopped } from '../failures.ts';
import type { Because } from '../guard.ts';
import type { Proof, Run, Setting } from './action.ts';
import { failedAfter, stoppedAfter } from './begun.ts';
import { planOf } from './plan.ts';
import { startsPods } from './rolling.ts';
import { rolledOut } from './rollout.ts';
import { saveDraft } from './saved-draft.ts';
import type { Write } from './write.ts';
import { carryOut, putBack } from './writing.ts';

type Turns = { proofs: Proof[] } | { because: Because } | { failed: string };

/** @throws Moved, SystemError */
export async function inTurn<Input, View>(
  { context }: Run<Input, View>,
  { prove }: NonNullable<Setting<Input, View>['inTurn']>,
  view: View,
  { writes, written: already }: { writes: Write[]; written: Write[] },
): Promise<Turns> {
  const proofs: Proof[] = [];
  const written = new Set(already);
  const failed = (error: unknown) => {
    throw failedAfter(error, writes, [...written]);
  };
  for (const write of writes) {
    const because = await carryOut(write, context, writes).catch(failed);
    if (because) return { because: stoppedAfter(because, writes, [...written]) };
    written.add(write);
    const proof = await prove(write.target, view, context).catch(failed);
    if (proof.fault !== undefined) return { failed: proof.fault };
    proofs.push(proof);
  }
  return { proofs };
}

/** It is noted before anything goes back: whoever goes on after us goes back too. @throws what failed, once all is put back */
export async function goBack<Input, View>(run: Run<Input, View>, writes: Write[], failed: string): Promise<Outcome> {
  const { setting, input, context, named } = run;
  await saveDraft(context.deps.systems.artifacts, context.call.key, named, { writes, failed });
  const { back, because } = await putBack(writes, context);
  if (because) {
    const view = await setting.look(input, context);
    return { planned: await planOf(back, setting.words(view, input, context, back), context), because };
  }
  const started = back.filter(startsPods).map(({ target }) => target);
  const remarks = await rolledOut(context.kubernetes, started, context.deps, context.running);
  throw stopped('Refused', [setting.inTurn?.failed(failed) ?? failed, ...remarks].join(' '));
}
