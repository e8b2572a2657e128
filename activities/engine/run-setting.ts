/**
 * The order of every change: look, saved draft, draft, dry run and admission, plan, hold and mode, approval, contradiction,
 * take-back ordered, draft saved, written one by one with the hold read before each, rolled out, measured, receipt.
 */

import type { Effect, Outcome, Plan, TakeBack } from '../../workflows/contract/action.ts';
import { canonical } from '../canonical.ts';
import { stopped } from '../failures.ts';
import { type Because, incidentOf } from '../guard.ts';
import type { ActionContext, Carried, Run, Setting, Words } from './action.ts';
import { goBack, inTurn } from './in-turn.ts';
import { askedFor, byDryRun, planOf, unapproved } from './plan.ts';
import { rolledOut } from './rollout.ts';
import { type Draft, savedDraft, saveDraft } from './saved-draft.ts';
import { tried } from './trying.ts';
import { startsPods } from './rolling.ts';
import { changesOf, stillFits, type Write, isWritten } from './write.ts';
import { carryOutAll, forbiddenNow, hasMoved, putBack, readIfThere } from './writing.ts';

/** Plans again when somebody changes an object under our hands; so often at most. */
const rounds = 3;

/** @throws SystemError, or a failure that says what stands in the way. */
export async function runSetting<Input, View>(
  setting: Setting<Input, View>,
  input: Input,
  context: ActionContext,
): Promise<Outcome> {
  const run = { setting, input, context, named: `${setting.name} ${canonical(input)}` };
  for (let round = 1; ; round += 1) {
    try {
      return await attempt(run);
    } catch (error) {
      if (round === rounds || !hasMoved(error)) throw error;
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

/** Whether what was begun may go on: everything of it is as it was, or as it should become. */
async function stillApplies({ writes }: Draft, context: ActionContext): Promise<boolean> {
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
  const words = setting.words(view, input, context, writes);
  const plan = await planOf(writes, words, context);
  const asks = async () => askedFor(await setting.asks(view, input, context, writes), untried);
  const because = (call.dryRun ? byDryRun : await forbiddenNow(context)) ?? (await unapproved(call, plan.digest, asks));
  if (because) return { planned: plan, because };
  await refuseContradicted(run, view);
  await takenBackLater(writes, words, run);
  await saveDraft(context.deps.systems.artifacts, call.key, run.named, { writes });
  return write(run, view, { writes, words, plan });
}

/** What was begun keeps the plan that was allowed; what of it is still to roll out is admitted as things are now. */
async function goOn<Input, View>(run: Run<Input, View>, view: View, { writes }: Draft): Promise<Outcome> {
  const { setting, input, context } = run;
  const contradiction = setting.inTurn && (await setting.contradiction?.(view, input, context));
  if (contradiction !== undefined) return goBack(run, writes, contradiction);
  const ahead = await Promise.all(writes.map(async write => ((await isAhead(write, context)) ? [write] : [])));
  await tried(ahead.flat().filter(startsPods), context, { begun: true, inTurn: setting.inTurn !== undefined });
  const words = setting.words(view, input, context, writes);
  const plan = await planOf(writes, words, context);
  const because = context.call.dryRun ? byDryRun : ahead.flat().length > 0 ? await forbiddenNow(context) : undefined;
  return because ? { planned: plan, because } : write(run, view, { writes, words, plan });
}

async function isAhead(write: Write, context: ActionContext): Promise<boolean> {
  const now = await readIfThere(context, write.target);
  return now !== undefined && !isWritten(write, now);
}

/** An approval covers a plan and what it was given for: a measured contradiction refuses it, and nothing is written. */
async function refuseContradicted<Input, View>({ setting, input, context }: Run<Input, View>, view: View): Promise<void> {
  const contradiction = await setting.contradiction?.(view, input, context);
  if (contradiction !== undefined) throw stopped('Refused', `${contradiction} Nothing was changed: look again, then retry.`);
}

/** A change that ends by itself is sure to end before it begins: no one needs to be there then. */
async function takenBackLater<Input, View>(writes: Write[], words: Words, { setting, context }: Run<Input, View>): Promise<void> {
  const { call, deps } = context;
  const takeBack = recordedBy(writes, words, setting.name, call.key);
  if (call.until === undefined || !takeBack) return;
  if (!deps.takeBackLater) throw stopped('Refused', notLater);
  await deps.takeBackLater({ takeBack, at: call.until });
}

const notLater =
  'Nothing here can take it back by itself, so nothing was changed: run it on a worker of runbooks, or without `until`.';

function recordedBy(writes: Write[], { summary }: Words, action: string, key: string): TakeBack | undefined {
  const recorded = writes.find(({ records }) => Object.values(records).some(record => record !== null));
  return recorded && { action, key, target: recorded.target, words: summary };
}

interface Going {
  writes: Write[];
  words: Words;
  plan: Plan;
}

async function write<Input, View>(run: Run<Input, View>, view: View, { writes, words, plan }: Going): Promise<Outcome> {
  const { setting, context } = run;
  if (setting.inTurn) {
    const outcome = await inTurn(run, setting.inTurn, view, writes);
    if ('failed' in outcome) return goBack(run, writes, outcome.failed);
    return 'because' in outcome
      ? { planned: plan, because: outcome.because }
      : receipt(run, view, words, { writes, remarks: [], proofs: outcome.proofs });
  }
  const because: Because | undefined = await carryOutAll(writes, context);
  if (because) return { planned: plan, because };
  const started = writes.filter(startsPods).map(({ target }) => target);
  const remarks = await rolledOut(context.kubernetes, started, context.deps, context.running);
  return receipt(run, view, words, { writes, remarks, proofs: [] });
}

async function receipt<Input, View>(run: Run<Input, View>, view: View, words: Words, carried: Carried): Promise<Outcome> {
  const { setting, input, context } = run;
  const { until, key } = context.call;
  const moves = carried.writes.some(({ edits }) => edits.length > 0);
  const effect = moves ? await setting.measure(view, input, context, carried) : nothingMoved;
  const takeBack = await standingRecord(run, carried.writes, words);
  const ends = until !== undefined && recordedBy(carried.writes, words, setting.name, key) !== undefined;
  const note = ends ? `${words.done} At ${until} it is taken back by itself.` : words.done;
  return { done: { note, changes: changesOf(carried.writes), effect, ...(takeBack && { takeBack }) } };
}

const nothingMoved: Effect = { measured: 'nothing to measure', text: 'Nothing that is in effect was changed.' };

async function nothingToDo<Input, View>(run: Run<Input, View>, view: View): Promise<Outcome> {
  const { setting, input, context } = run;
  const words = setting.words(view, input, context, []);
  const nothing: Carried = { writes: [], remarks: [], proofs: [] };
  const effect = words.nothing.measured ? await setting.measure(view, input, context, nothing) : nothingMoved;
  const takeBack = await standingRecord(run, [], words);
  return { done: { note: words.nothing.note, changes: [], effect, ...(takeBack && { takeBack }) } };
}

/** The record of this incident that now stands: of this key, or of an earlier step that this one has joined. */
async function standingRecord<Input, View>(
  { setting, input, context }: Run<Input, View>,
  writes: Write[],
  { summary }: Words,
): Promise<TakeBack | undefined> {
  if (setting.isFinal) return undefined;
  const { key } = context.call;
  const targets = [...(setting.records?.(context.deps.platform, input) ?? []), ...writes.map(({ target }) => target)];
  const seen = await Promise.all(targets.map(target => readIfThere(context, target)));
  const mine = seen
    .flatMap(now => now?.holders.map(holder => ({ ...holder, target: now.target })) ?? [])
    .filter(({ incident, action }) => incident === incidentOf(key) && (action === setting.name || action === setting.joins));
  const holder = mine.find(one => one.key === key) ?? mine[0];
  return holder && { action: holder.action, key: holder.key, target: holder.target, words: summary };
}
