/** Calls of customers after their quota was raised: how many of them the same quota still refuses. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { ActionContext } from '../engine/action.ts';
import { operatorApiOf } from '../operators.ts';
import { joined, type Piece, piecesOf } from './access-lines.ts';
import { spelled } from './counted.ts';

/** Milliseconds, times the platform's pace: until every process follows, and how long is measured then. */
const settling = 10_000;
const span = 60_000;
const pages = 3;

export interface RefusedSince {
  calls: number;
  refused: number;
  /** The lines that were read, those of others too. */
  piece: Piece;
}

type Measuring = Pick<ActionContext, 'deps' | 'running'>;

/** Nothing where the log cannot be read: then no one knows. */
export async function refusedSince(
  customers: string[],
  by: ReadonlySet<AccessLine['refusedBy']>,
  { deps, running }: Measuring,
): Promise<RefusedSince | undefined> {
  const { platform, now, sleep } = deps;
  const { pace } = platform.times;
  await sleep(settling * pace, running.signal);
  const from = now();
  await sleep(span * pace, running.signal);
  try {
    const piece = joined(await piecesOf(operatorApiOf(deps).accessLog, { from, to: now() }, pages));
    const names = new Set(customers.map(spelled));
    const own = piece.lines.filter(({ account }) => account !== undefined && names.has(spelled(account)));
    return { calls: own.length, refused: own.filter(({ refusedBy }) => by.has(refusedBy)).length, piece };
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
