/** How far the lists are that an incident works through, as their activities said last: with a sign of life, seconds ago. */

import { z } from 'zod';
import type { Execution, Server } from './server.ts';

export interface ListProgress {
  /** Activity type. */
  action: string;
  done: number;
  of: number;
  /** Milliseconds until the rest is done, by the pace of this try; absent while it has done none. */
  left?: number | undefined;
}

/** `from`: how many were done when this try began. */
const said = z.object({ done: z.int().min(0), of: z.int().min(1), from: z.int().min(0).default(0) });
const time = z
  .looseObject({ seconds: z.coerce.number(), nanos: z.number().nullish() })
  .transform(({ seconds, nanos }) => seconds * 1_000 + (nanos ?? 0) / 1e6);
const pending = z.looseObject({
  activityType: z.looseObject({ name: z.string() }),
  heartbeatDetails: z.looseObject({ payloads: z.array(z.looseObject({ data: z.instanceof(Uint8Array) })).min(1) }),
  lastHeartbeatTime: time,
  lastStartedTime: time,
});

export async function listProgress(server: Server, execution: Execution): Promise<ListProgress[]> {
  const { raw } = await server.describe(execution);
  return (raw.pendingActivities ?? []).flatMap(activity => {
    const { data } = pending.safeParse(activity);
    return data ? progressIn(data) : [];
  });
}

/** Nothing of one that goes through no list. */
function progressIn({ activityType, heartbeatDetails, lastHeartbeatTime, lastStartedTime }: z.infer<typeof pending>) {
  const details = said.safeParse(jsonIn(heartbeatDetails.payloads[0]?.data));
  if (!details.success) return [];
  const { done, of, from } = details.data;
  const each = done > from ? (lastHeartbeatTime - lastStartedTime) / (done - from) : undefined;
  const progress: ListProgress = { action: activityType.name, done, of };
  if (each !== undefined) progress.left = Math.max(0, Math.round(each * (of - done)));
  return [progress];
}

function jsonIn(data: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}
