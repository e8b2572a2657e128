/** Why an incident does not answer, in words, with the command that fixes it. */

import { z } from 'zod';

export interface NotProgressing {
  error: string;
  /** RFC 3339. */
  since: string;
  /** A command to type. */
  fix: string;
}

/** Of the workflow: its id, its run, and its task queue. */
export interface Execution {
  workflowId: string;
  runId: string;
  taskQueue: string;
}

export interface FailedTask {
  message: string;
  /** RFC 3339. */
  since: string;
}

const failedEvent = z.looseObject({
  eventTime: z.looseObject({ seconds: z.coerce.number(), nanos: z.number().nullish() }),
  workflowTaskFailedEventAttributes: z.looseObject({ failure: z.looseObject({ message: z.string() }) }),
});

/** Of events, the newest first. A task that never ended in an answer has timed out. */
export function lastFailed(events: unknown[]): FailedTask {
  const failed = events.map(event => failedEvent.safeParse(event).data).find(event => event !== undefined);
  const message = failed?.workflowTaskFailedEventAttributes.failure.message ?? 'the workflow task timed out';
  const { seconds, nanos } = failed?.eventTime ?? { seconds: 0 };
  return { message, since: new Date(seconds * 1_000 + (nanos ?? 0) / 1e6).toISOString() };
}

export const failing = (execution: Execution, { message, since }: FailedTask): NotProgressing => ({
  error: message,
  since,
  fix:
    'fix the code and start the worker again (Temporal repeats the failed task by itself); if that cannot be: ' +
    `temporal workflow reset --workflow-id ${execution.workflowId} --run-id ${execution.runId} --type LastWorkflowTask --reason '…'`,
});

export const noWorker = ({ taskQueue }: Execution, since: string): NotProgressing => ({
  error: `no worker polls the task queue ${taskQueue}`,
  since,
  fix: 'runbooks worker',
});

export const noAnswer = ({ workflowId }: Execution, error: string, since: string): NotProgressing => ({
  error: `the worker gave no answer: ${error}`,
  since,
  fix: `temporal workflow describe --workflow-id ${workflowId}`,
});

export const endedOtherwise = ({ workflowId, runId }: Execution, how: string, since: string, why?: string): NotProgressing => ({
  error: `Temporal ended it as ${how}, without a report${why === undefined ? '' : `: ${why}`}`,
  since,
  fix: `temporal workflow show --workflow-id ${workflowId} --run-id ${runId}`,
});
