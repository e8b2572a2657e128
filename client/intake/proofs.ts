/** The Watchdog among the alerts of a body: it opens nothing, and its absence would page. */

import { Refused, TemporalUnreachable } from '../errors.ts';
import type { Temporal } from '../temporal.ts';
import type { DeliveryResult } from './answer.ts';
import type { Counters } from './counters.ts';
import type { Judged, Proving, Unrouted } from './judgement.ts';

/** Why it could not be told of, if so; nothing where there was none. */
export type Proven = 'told' | Error | undefined;

interface Telling {
  temporal: Pick<Temporal, 'proveDetection'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Of the Watchdogs of a body one is told of. */
export async function proofs({ temporal, now }: Telling, counters: Counters, decisions: Judged[]): Promise<Proven> {
  const proof = decisions.flatMap(one => ('proof' in one ? [one.proof] : [])).at(-1);
  if (!proof) return undefined;
  try {
    await temporal.proveDetection(proof);
    counters.set('nqba_runbooks_intake_watchdog_seconds', now() / 1000);
    return 'told';
  } catch (error) {
    if (error instanceof TemporalUnreachable || error instanceof Refused) return error;
    throw error;
  }
}

export function withoutProof(one: Unrouted | Proving, proven: Proven): DeliveryResult {
  if (!('proof' in one)) return one;
  const { fingerprint, result, reason } = one;
  if (!(proven instanceof Error)) return { fingerprint, result, reason };
  return { fingerprint, result: proven instanceof Refused ? 'quarantined' : 'unreachable', reason: proven.message };
}
