/** The only place where activities meet Temporal: who called, are we cancelled, are we alive. */

import { Context } from '@temporalio/activity';

export interface Running {
  /** Type of the workflow that called. */
  workflowType: string;
  signal: AbortSignal;
  heartbeat: (details?: unknown) => void;
  /** What the last heartbeat of a former attempt said. */
  heartbeatDetails?: unknown;
}

/** Must be called inside an activity. */
export const runningInTemporal = (): Running => {
  const { info, cancellationSignal, heartbeat } = Context.current();
  return {
    workflowType: info.workflowType ?? '',
    signal: cancellationSignal,
    heartbeat,
    heartbeatDetails: info.heartbeatDetails,
  };
};
