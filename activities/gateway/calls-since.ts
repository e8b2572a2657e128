/** Calls after a change, by the access log: from when it is in force everywhere, for a while. */

import { SystemError } from '../connectors/system-error.ts';
import type { ActionContext } from '../engine/action.ts';
import { operatorApiOf } from '../operators.ts';
import { joined, type Piece, piecesOf } from './access-lines.ts';

export type Measuring = Pick<ActionContext, 'deps' | 'running'>;

/** Milliseconds, times the platform's pace: until the change is in force, and how long is measured then. */
interface Times {
  settling: number;
  span: number;
}

const pages = 3;

/** @throws SystemError where the log cannot be read */
export async function callsSince({ settling, span }: Times, { deps, running }: Measuring): Promise<Piece> {
  const { platform, now, sleep } = deps;
  const { pace } = platform.times;
  await sleep(settling * pace, running.signal);
  const from = now();
  await sleep(span * pace, running.signal);
  return joined(await piecesOf(operatorApiOf(deps).accessLog, { from, to: now() }, pages));
}

/** Where the log cannot be read no one knows. */
export function notRead(error: unknown): undefined {
  if (!(error instanceof SystemError)) throw error;
}
