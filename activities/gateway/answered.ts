/** Calls that the platform answered after a block: whether any came from the blocked sources. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Piece } from './access-lines.ts';
import { callsSince, type Measuring, notRead } from './calls-since.ts';
import { sourceOf } from './client-addresses.ts';

/** The controller has read its Ingresses again within a minute. */
const whenRead = { settling: 60_000, span: 45_000 };
/** Refused by a limit, a block or a challenge. */
const refusals = [403, 405, 429];
export const isAnswered = ({ status }: Pick<AccessLine, 'status'>) => !refusals.includes(status);

export interface Answered {
  fromSources: number;
  fromOthers: number;
  /** The lines that were read, refused calls too. */
  piece: Piece;
}

/** Nothing where the log cannot be read: then no one knows. */
export async function answeredFrom(sources: string[], measuring: Measuring): Promise<Answered | undefined> {
  const piece = await callsSince(whenRead, measuring).catch(notRead);
  if (!piece) return undefined;
  const answered = piece.lines.filter(isAnswered);
  const blocked = new Set(sources);
  const fromSources = answered.filter(({ address }) => blocked.has(sourceOf(address) ?? '')).length;
  return { fromSources, fromOthers: answered.length - fromSources, piece };
}
