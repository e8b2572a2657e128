/** Calls that the platform answered after a block: whether any came from the blocked sources. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { ActionContext } from '../engine/action.ts';
import { joined, type Piece, piecesOf } from './access-lines.ts';
import { operatorApiOf } from '../operators.ts';
import { sourceOf } from './client-addresses.ts';

/** Milliseconds, times the platform's pace: until the controller has read its Ingresses again, and how long is measured then. */
const settling = 60_000;
const span = 45_000;
const pages = 3;
/** Refused by a limit, a block or a challenge. */
const refusals = [403, 405, 429];
export const isAnswered = ({ status }: Pick<AccessLine, 'status'>) => !refusals.includes(status);

export interface Answered {
  fromSources: number;
  fromOthers: number;
  /** The lines that were read, refused calls too. */
  piece: Piece;
}

type Measuring = Pick<ActionContext, 'deps' | 'running'>;

/** Nothing where the log cannot be read: then no one knows. */
export async function answeredFrom(sources: string[], { deps, running }: Measuring): Promise<Answered | undefined> {
  const { platform, systems, now, sleep } = deps;
  const { pace } = platform.times;
  await sleep(settling * pace, running.signal);
  const from = now();
  await sleep(span * pace, running.signal);
  try {
    const piece = joined(await piecesOf(operatorApiOf({ systems }).accessLog, { from, to: now() }, pages));
    const answered = piece.lines.filter(isAnswered);
    const blocked = new Set(sources);
    const fromSources = answered.filter(({ address }) => blocked.has(sourceOf(address) ?? '')).length;
    return { fromSources, fromOthers: answered.length - fromSources, piece };
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
