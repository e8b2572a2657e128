/**
 * The order of every change: look, saved draft, draft, dry run and admission, plan, hold and mode, approval, preconditions,
 * take-back ordered, draft saved, written one by one with the hold read before each, rolled out, measured, receipt.
 */

import type { Outcome, Plan } from '../../workflows/contract/action.ts';
import { canonical } from '../canonical.ts';
import { stopped } from '../failures.ts';
import type { Because } from '../guard.ts';
import type { ActionContext, Run, Setting, Words } from './action.ts';
import { failedAfter, stoppedAfter } from './begun.ts';
import { goBack, inTurn } from './in-turn.ts';
import { hasMoved, Moved, movedTooOften } from './moved.ts';
import { withOtherHolders } from './other-holders.ts';
import { askedFor, byDryRun, planOf, unapproved } from './plan.ts';
import { asked, contradiction, faultIn, measuredBefore, withMeasured, withUnmeasured } from './preconditions.ts';
import { nothingToDo, receipt, recordedBy } from './receipt.ts';
import { rolledOut } from './rollout.ts';
import { type Draft, savedDraft, saveDraft } from './saved-draft.ts';
import { tried } from './trying.ts';
import { startsPods } from './rolling.ts';
import { endOf, isWritten, stillFits, type Write } from './write.ts';
import { carryOutAll, forbiddenNow, putBack, readIfThere } from './writing.ts';

/** Plans again when someone changes an object under our hands; so often at most. */
const rounds = 3;

/** @throws SystemError, or a failure that says what stands in the way. */
export async function runSetting<Input, View>(
  setting: Setting<Input, View>,
  input: Input,
  context: ActionContext,
): Promise<Outcome> {
  const run = { setting, input, context, named: `${setting.name} ${canonical(input)}` };
  let written: string | undefined;
  for (let round = 1; ; round += 1) {
    try {
      return await attempt(run);
    } catch (error) {
      if (!hasMoved(error)) throw error;
      if (error instanceof Moved) written = error.written ?? written;
      if (round === rounds) throw movedTooOften(error, written);
    }
  }
}

async function attempt<Input, View>(run: Run<Input, View>): Promise<Outcome> {
  const { setting, input, context, named } = run;
  const { call, deps, running } = context;
  running.heartbeat();
  const saved = await savedDraft(deps.systems.artifacts, call.key, named);
  if (saved?.failed !== undefined) return goBack(run, saved.writes, saved.failed);
  const view = await setting.look(input, context);
  if (saved && (await stillApplies(saved, context))) return goOn(run, view, saved);
  if (saved && setting.putsBack) await putBack(saved.writes, context);
  return startAgain(run, view);
}

/** True if a begun change may go on: its end is ahead, and every part is as it was, or as it should become. */
async function stillApplies({ writes }: Draft, context: ActionContext): Promise<boolean> {
  const end = endOf(writes, context.call.key);
  if (end !== undefined && Date.parse(end) <= context.deps.now()) return false;
  const snapshots = await Promise.all(writes.map(({ target }) => readIfThere(context, target)));
  return writes.every((write, index) => {
    const now = snapshots[index];
    return now !== undefined && stillFits(write, now);
  });
}

async function startAgain<Input, View>(run: Run<Input, View>, view: View): Promise<Outcome> {
  const { setting, input, context } = run;
  const { call } = context;
  const drafted = await setting.draft(view, input, context);
  if (drafted.length === 0) return nothingToDo(run, view);

  const how = { begun: false, inTurn: setting.inTurn !== undefined };
  const { writes, untried } = await tried(drafted, context, how);
  const words = await withOtherHolders(run, setting.words(view, input, context, writes), writes);
  const plan = await planOf(writes, words, context);
  const asks = async () => askedFor(await setting.asks(view, input, context, writes), untried);
  const because = (call.dryRun ? byDryRun : await forbiddenNow(context, writes)) ?? (await unapproved(call, plan.digest, asks));
  if (because) return asked(run, view, { writes, plan, because });
  const before = await measuredBefore(run, view, writes);
  const contradicted = contradiction(before, call);
  if (contradicted) return { planned: withMeasured(plan, before, context), because: contradicted };
  await takenBackLater(writes, words, run);
  await saveDraft(context.deps.systems.artifacts, call.key, run.named, { writes });
  return write(run, view, { writes, written: [], words: withUnmeasured(words, before), plan });
}

/** A begun change keeps the plan that was allowed; the rest of its rollout is admitted as things are now. */
async function goOn<Input, View>(run: Run<Input, View>, view: View, { writes }: Draft): Promise<Outcome> {
  const { setting, context } = run;
  const fault = setting.inTurn && faultIn(await measuredBefore(run, view, writes));
  if (fault !== undefined) return goBack(run, writes, fault);
  const ahead = (await Promise.all(writes.map(async write => ((await isAhead(write, context)) ? [write] : [])))).flat();
  const written = writes.filter(write => !ahead.includes(write));
  const going = await admittedAgain(run, view, { writes, ahead }).catch(error => {
    throw failedAfter(error, writes, written);
  });
  if (going.because) return { planned: going.plan, because: stoppedAfter(going.because, writes, written) };
  return write(run, view, { writes, written, ...going });
}

/** The rest of a begun change, as things are now; its end is ordered again, as the first order may be gone. */
async function admittedAgain<Input, View>(
  run: Run<Input, View>,
  view: View,
  { writes, ahead }: { writes: Write[]; ahead: Write[] },
): Promise<{ words: Words; plan: Plan; because?: Because | undefined }> {
  const { setting, input, context } = run;
  await tried(ahead.filter(startsPods), context, { begun: true, inTurn: setting.inTurn !== undefined });
  const words = await withOtherHolders(run, setting.words(view, input, context, writes), writes);
  const plan = await planOf(writes, words, context);
  const because = context.call.dryRun ? byDryRun : ahead.length > 0 ? await forbiddenNow(context, writes) : undefined;
  if (!because && ahead.length > 0) await takenBackLater(writes, words, run);
  return { words, plan, because };
}

async function isAhead(write: Write, context: ActionContext): Promise<boolean> {
  const now = await readIfThere(context, write.target);
  return now !== undefined && !isWritten(write, now);
}

/** A change that ends by itself is sure to end before it begins: no one needs to be there then. */
async function takenBackLater<Input, View>(writes: Write[], words: Words, { setting, context }: Run<Input, View>): Promise<void> {
  const { call, deps } = context;
  const takeBack = recordedBy(writes, words, setting.name, call.key);
  const end = endOf(writes, call.key);
  if (end === undefined || !takeBack) return;
  if (!deps.takeBackLater) throw stopped('Refused', notLater);
  await deps.takeBackLater({ takeBack, at: end });
}

const notLater =
  'Nothing here can undo it by itself, so nothing was changed: run it on a worker of runbooks, or without `until`.';

interface Going {
  writes: Write[];
  /** Those of them that were written before. */
  written: Write[];
  words: Words;
  plan: Plan;
}

async function write<Input, View>(run: Run<Input, View>, view: View, { writes, written, words, plan }: Going): Promise<Outcome> {
  const { setting, context } = run;
  const afterAll = (error: unknown) => {
    throw failedAfter(error, writes, writes);
  };
  if (setting.inTurn) {
    const outcome = await inTurn(run, setting.inTurn, view, { writes, written });
    if ('failed' in outcome) return goBack(run, writes, outcome.failed);
    return 'because' in outcome
      ? { planned: plan, because: outcome.because }
      : receipt(run, view, words, { writes, remarks: [], proofs: outcome.proofs }).catch(afterAll);
  }
  const because: Because | undefined = await carryOutAll(writes, context, written);
  if (because) return { planned: plan, because };
  const started = writes.filter(startsPods).map(({ target }) => target);
  const remarks = await rolledOut(context.kubernetes, started, context.deps, context.running).catch(afterAll);
  return receipt(run, view, words, { writes, remarks, proofs: [] }).catch(afterAll);
}
