/** The part of a change that is written already, named wherever the change stops in the middle. */

import { ApplicationFailure } from '@temporalio/common';
import { type FailureDetail, targetName } from '../../workflows/contract/action.ts';
import { SystemError } from '../connectors/system-error.ts';
import { failure } from '../failures.ts';
import type { Because } from '../guard.ts';
import { hasMoved, Moved } from './moved.ts';
import type { Write } from './write.ts';

/** Nothing where nothing is written yet. */
export function saysWritten(all: Write[], written: Write[]): string | undefined {
  if (written.length === 0) return undefined;
  const ahead = all.filter(write => !written.includes(write));
  const not = ahead.length > 0 ? `, and not yet ${namesOf(ahead)}` : '';
  return `Written already: ${namesOf(written)}${not}.`;
}

const namesOf = (writes: Write[]) => writes.map(({ target }) => targetName(target)).join(' and ');

/** The reason of a stop, with the part that is written by then. */
export const stoppedAfter = ({ reason, text }: Because, all: Write[], written: Write[]): Because => ({
  reason,
  text: [text, saysWritten(all, written)].filter(Boolean).join(' '),
});

/** The same for what failed: once something is written, nothing says any more that nothing was done. */
export function failedAfter(error: unknown, all: Write[], written: Write[]): unknown {
  const says = saysWritten(all, written);
  if (says === undefined) return error;
  return hasMoved(error) ? new Moved(says) : failedFurther(error, says);
}

/** `says` is what is done by then. */
export function failedFurther(error: unknown, says: string): unknown {
  const failed = error instanceof SystemError ? failure(error) : error;
  if (!(failed instanceof ApplicationFailure)) return error;
  const { type, nonRetryable, message, nextRetryDelay, details } = failed;
  return ApplicationFailure.create({
    type: type ?? 'Unreachable',
    nonRetryable: nonRetryable === true,
    message: `${says} ${message.replaceAll('othing was changed', 'othing more was changed')}`,
    details: [Object.assign({}, details?.[0], { nothingDone: false } satisfies FailureDetail)],
    nextRetryDelay,
  });
}
