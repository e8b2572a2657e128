/** The log of the worker: the SDK's lines and ours, with the incident and the step that they are about. */

import { defaultPayloadConverter } from '@temporalio/common';
import { type ActivityInterceptors, DefaultLogger, type LogEntry, type Logger } from '@temporalio/worker';
import { z } from 'zod';
import type { LogLine } from '../activities/log.ts';
import { aboutHeader } from '../workflows/contract/log-header.ts';

/** Of what the SDK knows; the rest says where this worker runs, and is the same in each line. */
const known = ['incident', 'step', 'workflowId', 'runId', 'workflowType', 'activityType', 'attempt', 'durationMs', 'error'];

export const sdkLogger = (log: (line: LogLine) => void): Logger =>
  new DefaultLogger('INFO', ({ level, message, timestampNanos, meta }: LogEntry) => {
    const fields = Object.fromEntries(Object.entries({ ...meta }).filter(([name]) => known.includes(name)));
    log({ at: Number(timestampNanos / 1_000_000n), level, message, fields });
  });

const about = z.object({ incident: z.string(), step: z.string() });

/** Gives each line of an activity what its workflow says of it. */
export function aboutEach() {
  let told: z.infer<typeof about> | undefined;
  return {
    inbound: {
      execute(input, next) {
        const payload = input.headers[aboutHeader];
        told = payload && about.safeParse(defaultPayloadConverter.fromPayload(payload)).data;
        return next(input);
      },
    },
    outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...told }) },
  } satisfies ActivityInterceptors;
}
