/** Questions to Loki within the time of one check: a few at once, and none after its time is over, or after Loki has refused one. */

import { SystemError } from '../../connectors/system-error.ts';

/** Five searches of Log Review ask at the same time. */
const few = 4;

export interface Turns {
  /** Nothing where it was not asked, or not answered. */
  one: <R>(ask: () => Promise<R>) => Promise<R | undefined>;
  /** The first first; nothing in the place of each that was not asked, or not answered. */
  all: <T, R>(items: T[], ask: (item: T) => Promise<R>) => Promise<(R | undefined)[]>;
  /** Why not all was asked; nothing where it was. */
  why: () => string | undefined;
}

/** @param until milliseconds since 1970 */
export function turnsUntil(until: number, now: () => number): Turns {
  let why: string | undefined;
  let isOver = false;
  async function one<R>(ask: () => Promise<R>): Promise<R | undefined> {
    if (!isOver && now() >= until) [isOver, why] = [true, 'the time of the check was over'];
    if (isOver) return undefined;
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // An answer that is too long says nothing of the next.
      isOver = error.fault !== 'garbled';
      why = error.message;
      return undefined;
    }
  }
  async function all<T, R>(items: T[], ask: (item: T) => Promise<R>): Promise<(R | undefined)[]> {
    const answers = items.map((): R | undefined => undefined);
    const rest = items.entries();
    const inTurn = async () => {
      for (const [at, item] of rest) answers[at] = await one(async () => ask(item));
    };
    await Promise.all(Array.from({ length: few }, inTurn));
    return answers;
  }
  return { one, all, why: () => why };
}
