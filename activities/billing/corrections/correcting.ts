/** The order that every correction shares: caps, words, twenty at a time, and each item read again at the end. */

import type { z } from 'zod';
import type { Effect } from '../../../workflows/contract/action.ts';
import { bodyOf } from '../../connectors/artifacts.ts';
import type { Action, ActionContext } from '../../engine/action.ts';
import type { ItemKey, List, Listed } from '../../engine/run-list.ts';
import { billingOf } from '../../platform.ts';
import { isLarge } from '../sources.ts';
import { countFromNow, refuseOverCaps, type Sums, sumsText } from './caps.ts';

/** One way to correct charges, or to try them again. */
export interface Correction<Item> {
  item: z.ZodType<Item>;
  nameOf: (item: Item) => string;
  /** As the plan calls what is made: `refunds`. */
  field: string;
  /** Minor units that an item moves, and their currency; zero where no money moves. */
  moves: (item: Item) => { amount: number; currency: string };
  /** Counts and sums: no word of a customer. @throws `Refused` */
  words: (items: Item[], sum: string) => { summary: string; consequences: string[] };
  /** @throws what stops the rest */
  one: (item: Item, key: ItemKey, context: ActionContext) => Promise<string>;
  measure: (items: Item[], context: ActionContext, results: string[]) => Promise<Effect>;
}

/** Stripe takes 100 calls a second (https://docs.stripe.com/rate-limits), and the platform makes calls too. */
export const turn = { items: 20, pause: 1_000 };

/** The list of one run, with what was counted once for all of its items. */
export function correcting<Item>(action: string, way: Correction<Item>, { deps }: ActionContext): List<Listed, Item> {
  const billing = billingOf(deps.platform);
  let sums: Sums = {};
  let counted: Promise<void> | undefined;
  return {
    name: action,
    item: way.item,
    nameOf: way.nameOf,
    atMost: billing.caps.items,
    inTurn: turn,
    async words(items, _input, context) {
      sums = sumsOf(items.map(way.moves));
      await refuseOverCaps(action, sums, context);
      const { summary, consequences } = way.words(items, sumsText(sums));
      const { [billing.currency]: own = 0, ...others } = sums;
      const isSmall = !isLarge(own, billing) && Object.keys(others).length === 0;
      return { summary, field: way.field, onePerson: isSmall || undefined, consequences: [...consequences, ...eyesOf(isSmall)] };
    },
    asks: async () => 'Finance has seen the list and its sum.',
    async one(item, key, context) {
      await (counted ??= countFromNow(action, sums, context));
      return way.one(item, key, context);
    },
    measure: (items, _input, context, results) => way.measure(items, context, results),
  };

  function eyesOf(isSmall: boolean): string[] {
    if (isSmall) return [];
    const { secondAbove } = billing.caps;
    return [`A second person approves: it is above ${billing.currency} ${secondAbove}, or in other currencies.`];
  }
}

export function sumsOf(moved: { amount: number; currency: string }[]): Sums {
  const sums: Sums = {};
  for (const { amount, currency } of moved) if (amount !== 0) sums[currency] = (sums[currency] ?? 0) + amount;
  return sums;
}

/** Reads every item again, a turn at a time. */
export async function readAgain<Item, Seen>(
  items: Item[],
  read: (item: Item) => Promise<Seen>,
  { deps, running }: ActionContext,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let from = 0; from < items.length; from += turn.items) {
    if (from > 0) await deps.sleep(turn.pause, running.signal);
    running.heartbeat({ measured: from, of: items.length });
    seen.push(...(await Promise.all(items.slice(from, from + turn.items).map(read))));
  }
  return seen;
}

/** Without Stripe: which list, and what to do with it in the dashboard. */
export const inDashboard =
  <Input extends Listed>(whatToDo: (input: Input) => string): NonNullable<Action<Input>['byHand']> =>
  (input, { systems }) => {
    if (systems.stripe) return undefined;
    const { name, digest, count } = input.list;
    const where = `The list “${name}” (${count} items) lies in the artifact store, ${bodyOf(digest)}.`;
    return { byHand: { system: 'Stripe', paste: `${whatToDo(input)} ${where}` } };
  };

/** Items that were left to people, by why: `2 disputed`. */
export function leftIn(results: string[]): string[] {
  const left = results.flatMap(result => (result.startsWith('left: ') ? [result.slice('left: '.length)] : []));
  return [...Map.groupBy(left, why => why)].map(([why, those]) => `${those.length} ${why}`);
}

/** How many of how many. */
export const effectOf = (good: number, of: number, text: string): Effect => ({
  measured: good === of ? 'whole' : good > 0 ? 'part' : 'none',
  text,
});
