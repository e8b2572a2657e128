import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { About, Call, FailureDetail, Role } from '../../contract/index.ts';
import type { Duration } from '../record/duration.ts';
import type { Settlement } from '../record/events.ts';

/** One action on its way: what it is called, and who to ask. */
export interface Acting {
  title: string;
  key: string;
  type: string;
  input: unknown;
  /** Absent: the commander approves, and the owner of the runbook is asked when it is stuck. */
  approver?: Role | undefined;
  /** The second approver of a plan. */
  second?: Role | undefined;
  /** True if the runbook waits for it, and people are asked when it fails. */
  blocking: boolean;
  /** When it is taken back by itself. */
  until?: Duration | Date;
  /** Said whatever the mode is: pages and words to responders. */
  freely?: boolean;
  /** Its state while it is tried again; running where nothing is said. */
  meanwhile?: Pick<Settlement, 'state' | 'because'>;
  /** Title of the step whose message it sends again. */
  repeats?: string;
  /** The incident as a message describes it: asked at each try. */
  about?: () => About;
  /** Takes what goes on while the runbook does: a step that waits for its symptom to be confirmed. */
  leave?: ((behind: Promise<unknown>) => void) | undefined;
  /** Why people need not be asked about it any more; nothing while they must. */
  unwanted?: () => string | undefined;
}

/** With the call that was tried: whoever goes on later, perhaps in another run, goes on under its key. */
export type Trying = Acting & { call: Call };

/** An activity's failure for people: its message, if it definitely did nothing, what would remove the obstacle, and who a page did not reach. */
export function failureOf(error: unknown): FailureDetail & { message: string } {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const detail = cause instanceof ApplicationFailure ? (cause.details?.[0] as FailureDetail | undefined) : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    message,
    nothingDone: detail?.nothingDone === true,
    remedialActions: detail?.remedialActions,
    unreached: detail?.unreached,
  };
}

/** `key`, then `keyb`, `keyc`, …: another try of which the outside system knows nothing. */
export function nextLetter(key: string, last: string): string {
  const letter = last.slice(key.length) || 'a';
  return key + String.fromCharCode(letter.charCodeAt(0) + 1);
}
