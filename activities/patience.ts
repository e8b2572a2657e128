/** A read that guards a write is tried again for some seconds: a short failure neither holds nor halves a change. */

import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { policyFor } from './failures.ts';
import { limits } from './limits.ts';
import type { Running } from './running.ts';

/** @throws SystemError what it answered last */
export async function patiently<T>(
  read: () => Promise<T>,
  { now, sleep }: Pick<Deps, 'now' | 'sleep'>,
  { heartbeat, signal }: Pick<Running, 'heartbeat' | 'signal'>,
): Promise<T> {
  const until = now() + limits.patience;
  for (;;) {
    heartbeat();
    try {
      return await read();
    } catch (error) {
      const wait = pause(error);
      if (wait === undefined || now() + wait > until) throw error;
      await sleep(wait, signal);
    }
  }
}

/** Milliseconds until it is worth another try; nothing where another would be answered the same. */
function pause(error: unknown): number | undefined {
  if (!(error instanceof SystemError) || !policyFor(error).again || error.status === 409) return undefined;
  return Math.max(limits.look / 2, error.retryAfter ?? 0);
}
