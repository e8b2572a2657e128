/** What may happen between a worker and the systems that it writes to: a hold, a rival, a lost answer, the death of the worker. */

import type { Clock, Fetch } from '../../../activities/connectors/http.ts';
import { readsKubo } from '../pinned.ts';
import { at, type Between, clock } from '../stage.ts';

/** A write that is meant: no dry run. */
export const isWrite = (request: Request) =>
  request.method !== 'GET' && !request.url.includes('dryRun=All') && !readsKubo(request);

const readsHold = ({ method, url }: Request) => method === 'GET' && new URL(url).pathname.endsWith(at.hold);

type Count = (count: number) => unknown;

/** Right before and right after each write. */
export function aroundWrites({ before, after }: { before?: Count; after?: Count }): Between {
  let count = 0;
  return (_, fetch) => async request => {
    if (!isWrite(request)) return fetch(request);
    count += 1;
    const number = count;
    await before?.(number);
    const answer = await fetch(request);
    await after?.(number);
    return answer;
  };
}

/** Right after the hold was read for the first time. */
export function afterHoldRead(what: () => Promise<unknown>): Between {
  let seen = false;
  return (_, fetch) => async request => {
    const answer = await fetch(request);
    if (readsHold(request) && !seen) {
      seen = true;
      await what();
    }
    return answer;
  };
}

/** The write happens, and its answer is lost. */
export const losing = (number: number): Between =>
  aroundWrites({
    after: count => {
      if (count === number) throw reset();
    },
  });

export const reset = () =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

/**
 * A worker that dies after so many writes, before the answer: nothing of it goes on, not even its time.
 * `dead` is fulfilled then; what it had begun is never answered.
 */
export function mortal(after: number): { between: Between; clock: Clock; dead: Promise<void> } {
  const death = Promise.withResolvers<void>();
  let isDead = false;
  let count = 0;
  const die = () => {
    isDead = true;
    death.resolve();
    return forever<never>();
  };
  const between: Between = (_, fetch) => async request => {
    if (isDead) return forever();
    if (!isWrite(request)) return fetch(request);
    if (count === after) return die();
    count += 1;
    const answer = await fetch(request);
    return count === after ? die() : answer;
  };
  const sleep: Clock['sleep'] = async (ms, signal) => {
    await clock.sleep(ms, signal);
    if (isDead) await forever();
  };
  return { between, clock: { ...clock, sleep }, dead: death.promise };
}

const forever = <T>() => new Promise<T>(() => undefined);

/** Every request that is meant is answered so. */
export const answering =
  (isMeant: (request: Request) => boolean | Promise<boolean>, answer: Fetch): Between =>
  (_, fetch) =>
  async request =>
    (await isMeant(request)) ? answer(request) : fetch(request);

/** Six times as fast as the world: an action gives up after 15 seconds. */
export const hurried: Clock = { now: () => Date.now() * 6, sleep: (ms, signal) => clock.sleep((ms * 4) / 6, signal) };
