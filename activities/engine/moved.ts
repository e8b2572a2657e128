/** Someone else changed an object that a draft rests on: it is planned again, some rounds long. */

import { ApplicationFailure } from '@temporalio/common';
import type { FailureDetail } from '../../workflows/contract/action.ts';
import { SystemError } from '../connectors/system-error.ts';

/** `written` names the part of the draft that is written by then. */
export class Moved extends Error {
  override name = 'Moved' as const;
  readonly written: string | undefined;

  constructor(written?: string) {
    super('Someone changes it at the same moment, again and again: retry to plan again.');
    this.written = written;
  }
}

export const hasMoved = (error: unknown) => error instanceof Moved || (error instanceof SystemError && error.status === 409);

/** After the last round: with the part that a round has written. */
export function movedTooOften(error: unknown, written: string | undefined): unknown {
  if (!(error instanceof Moved) && written === undefined) return error;
  return ApplicationFailure.create({
    type: 'Refused',
    nonRetryable: false,
    message: [written, error instanceof Error ? error.message : ''].filter(Boolean).join(' '),
    details: [{ nothingDone: written === undefined } satisfies FailureDetail],
  });
}
