/** The only place where activities meet Temporal: who called, are we cancelled, are we alive. */

import { Context } from '@temporalio/activity';
import type { Deps } from './deps.ts';

export interface Running {
  /** Type of the workflow that called; empty where none did. */
  workflowType: string;
  /** Temporal namespace; empty where there is none. */
  namespace: string;
  signal: AbortSignal;
  heartbeat: (details?: unknown) => void;
  /** The last heartbeat of a former attempt. */
  heartbeatDetails?: unknown;
}

/** The execution we are part of. */
export const runningOf = ({ running = runningInTemporal }: Pick<Deps, 'running'>): Running => running();

function runningInTemporal(): Running {
  const context = Context.current();
  const { workflowType = '', namespace, heartbeatDetails } = context.info;
  let last: unknown;
  return {
    workflowType,
    namespace,
    signal: context.cancellationSignal,
    // A mere sign of life keeps the progress that people see in the Temporal UI.
    heartbeat(details) {
      last = details ?? last;
      context.heartbeat(last);
    },
    heartbeatDetails,
  };
}

/** For a check that may be a look of a watch: only the watch says where it stands. */
export const quietly = ({ signal }: Running) => ({ signal, heartbeat: () => undefined });
