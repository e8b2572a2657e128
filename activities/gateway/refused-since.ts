/** Calls of customers after their quota was raised: how many of them the same quota still refuses. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Piece } from './access-lines.ts';
import { callsSince, type Measuring, notRead } from './calls-since.ts';
import { spelled } from './counted.ts';

/** Every process follows within ten seconds. */
const aMinute = { settling: 10_000, span: 60_000 };

export interface RefusedSince {
  calls: number;
  refused: number;
  /** The lines that were read, those of others too. */
  piece: Piece;
}

/** Nothing where the log cannot be read: then no one knows. */
export async function refusedSince(
  customers: string[],
  by: ReadonlySet<AccessLine['refusedBy']>,
  measuring: Measuring,
): Promise<RefusedSince | undefined> {
  const piece = await callsSince(aMinute, measuring).catch(notRead);
  if (!piece) return undefined;
  const names = new Set(customers.map(spelled));
  const own = piece.lines.filter(({ account }) => account !== undefined && names.has(spelled(account)));
  return { calls: own.length, refused: own.filter(({ refusedBy }) => by.has(refusedBy)).length, piece };
}
