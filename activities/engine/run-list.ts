/**
 * The order of every list: frozen items, cap, plan, hold and mode, approval, then one by one with the hold read before each. Each
 * item is done once, under a key of its own; the first unexpected answer stops the rest.
 */

import type { z } from 'zod';
import type { Call, Effect, Outcome, Plan } from '../../workflows/contract/action.ts';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { canonical, digestOf } from '../canonical.ts';
import { SystemError } from '../connectors/system-error.ts';
import { failure, policyFor, stopped } from '../failures.ts';
import type { ActionContext } from './action.ts';
import { failedFurther } from './begun.ts';
import { frozenItems } from './frozen-list.ts';
import { type Progress, progressOf } from './list-progress.ts';
import { askedFor, byDryRun, unapproved } from './plan.ts';
import { forbiddenNow } from './writing.ts';

export interface Listed {
  list: FrozenList;
}

/** A list: items that a check froze and a person reviewed; most of them cannot be undone. */
export interface List<Input extends Listed, Item> {
  /** Activity type. */
  name: string;
  item: z.ZodType<Item>;
  /** As people name it; unique in the list. */
  nameOf: (item: Item) => string;
  /** More of them are refused, never cut silently. */
  atMost: number;
  /** So many at a time: after them it is kept how far it came, and there is a pause (milliseconds). One without a pause unless told. */
  inTurn?: { items: number; pause: number };
  /** Results that stand for nothing done: the next try does such an item again. */
  again?: readonly string[];
  /** Count, oldest, newest, a sample: never the list itself. */
  words: (
    items: Item[],
    input: Input,
    context: ActionContext,
  ) => Promise<{ summary: string; consequences: string[]; field: string; onePerson?: true | undefined }>;
  /** Why people must look first; nothing where they need not. */
  asks: (items: Item[], input: Input, context: ActionContext) => Promise<string | undefined>;
  /** Does one item, read again before; what was done already is no second time. @throws what stops the rest */
  one: (item: Item, key: ItemKey, context: ActionContext) => Promise<string>;
  /** @param results of each item, in no order */
  measure: (items: Item[], input: Input, context: ActionContext, results: string[]) => Promise<Effect>;
}

/** A system that repeats what it once answered under a key, refusals too, needs another key for each try. */
export interface ItemKey {
  /** The same for every try: by it an item that was done is found again. */
  item: string;
  /** Another one once the former try was definitely refused. */
  try: string;
}

/** As `one` gets it; measuring, an action finds its items again by it. */
export const itemKey = ({ key }: Call, name: string) => `${key}/${encodeURIComponent(name)}`;

/** @throws SystemError, or a failure that says how far it came */
export async function runList<Input extends Listed, Item>(
  list: List<Input, Item>,
  input: Input,
  context: ActionContext,
): Promise<Outcome> {
  const progress = await progressOf(`${list.name} ${canonical(input)}`, list.again, context);
  return goThrough(list, input, progress, context).catch(error => {
    throw progress.begun ? haltedAt(error, progress, input.list) : error;
  });
}

async function goThrough<Input extends Listed, Item>(
  list: List<Input, Item>,
  input: Input,
  progress: Progress,
  context: ActionContext,
): Promise<Outcome> {
  const { call, deps } = context;
  const items = await frozenItems(deps.systems.artifacts, input.list, list.item);
  if (items.length === 0) return { done: { note: `The list “${input.list.name}” is empty.`, changes: [], effect: nothingIn } };
  if (items.length > list.atMost) throw stopped('Refused', tooMany(input.list, items.length, list.atMost));
  const plan = await planOf(list, items, input, context);
  const begun = Object.keys(progress.done).length > 0;
  const because =
    (call.dryRun ? byDryRun : await forbiddenNow(context)) ??
    (begun ? undefined : await unapproved(call, plan.digest, async () => askedFor(await list.asks(items, input, context), [])));
  if (because) return { planned: plan, because };
  const stoppedBy = await workThrough(list, items, progress, context);
  if (stoppedBy) return { planned: plan, because: stoppedBy };
  const { changes, summary } = plan;
  const effect = await list.measure(items, input, context, Object.values(progress.done));
  return { done: { note: summary, changes, effect } };
}

const nothingIn: Effect = { measured: 'nothing to measure', text: 'Nothing to do.' };

const tooMany = ({ name }: FrozenList, count: number, atMost: number) =>
  `The list “${name}” has ${count} items, and ${atMost} are the most for one step. Nothing was changed: split the work, or do it by hand.`;

async function planOf<Input extends Listed, Item>(
  list: List<Input, Item>,
  items: Item[],
  input: Input,
  context: ActionContext,
): Promise<Plan> {
  const { summary, consequences, field, onePerson } = await list.words(items, input, context);
  const { name, digest } = input.list;
  const change = { target: `List “${name}”`, field, before: String(items.length), after: '0' };
  const restsOn = [{ what: `list “${name}”, digest`, value: digest.slice(0, 16) }];
  return {
    summary,
    changes: [change],
    consequences,
    restsOn,
    onePerson,
    digest: digestOf({ list: digest, action: list.name, field }),
  };
}

/** Why it was stopped, if it was forbidden on the way. */
async function workThrough<Input extends Listed, Item>(
  list: List<Input, Item>,
  items: Item[],
  progress: Progress,
  context: ActionContext,
) {
  const { items: many, pause } = list.inTurn ?? { items: 1, pause: 0 };
  const from = Object.keys(progress.done).length;
  let unsaved = 0;
  if (!progress.begun) await progress.save();
  progress.begun = true;
  for (const [index, item] of items.entries()) {
    const name = list.nameOf(item);
    if (Object.hasOwn(progress.done, name)) continue;
    context.running.heartbeat({ done: index, of: items.length, from });
    const because = await forbiddenNow(context);
    if (because) return progress.save().then(() => because);
    progress.at = `${index} of ${items.length} are done. Then ${name}`;
    progress.done[name] = await list.one(item, keyOf(name, progress, context), context).catch(async error => {
      if (isRefusal(error)) progress.refused[name] = (progress.refused[name] ?? 0) + 1;
      await progress.save();
      throw error;
    });
    progress.at = undefined;
    unsaved += 1;
    if (unsaved < many) continue;
    unsaved = 0;
    await progress.save();
    if (pause > 0) await context.deps.sleep(pause, context.running.signal);
  }
  await progress.save();
  return undefined;
}

function keyOf(name: string, { refused }: Progress, { call }: ActionContext): ItemKey {
  const item = itemKey(call, name);
  const tries = refused[name] ?? 0;
  return { item, try: tries === 0 ? item : `${item}/${tries + 1}` };
}

/** The system has answered, and done nothing. */
const isRefusal = (error: unknown) => error instanceof SystemError && policyFor(error).nothingDone && !policyFor(error).again;

/** The first unexpected answer stops the rest, and says how far it came: a retry goes on from there, under the same key. */
function haltedAt(error: unknown, { at, done }: Progress, { count }: FrozenList): unknown {
  if (at === undefined) return failedFurther(error, `${Object.keys(done).length} of ${count} are done.`);
  const cause = error instanceof SystemError ? failure(error) : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  return error instanceof SystemError && !failure(error).nonRetryable
    ? failedFurther(error, `${at}:`)
    : stopped('Refused', `${at}: ${text} The rest was not touched: check it, then retry.`, { nothingDone: false });
}
