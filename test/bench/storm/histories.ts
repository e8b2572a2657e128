/** What Temporal holds, as its histories say: the witness of what the intake answered. */

import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { inParallel } from './senders.ts';

type History = Awaited<ReturnType<typeof historyOf>>;

const historyOf = async (client: Client, workflowId: string) =>
  (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];

const alert = z.looseObject({ fingerprint: z.string(), labels: z.record(z.string(), z.string()) });
export type Told = z.infer<typeof alert>;

/** Ids of the incidents that alerts opened, whether they are still open or not. */
export async function incidents(client: Client): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowId STARTS_WITH "incident:"' }))
    found.push(workflowId);
  return [...new Set(found)];
}

/** The alerts that the newest run of each incident was told of. */
export async function told(client: Client, workflowIds?: string[]): Promise<Told[]> {
  const all: Told[] = [];
  await inParallel(
    workflowIds ?? (await incidents(client)),
    8,
    async id => void all.push(...alertsIn(await historyOf(client, id))),
  );
  return all;
}

const alertsIn = (history: History): Told[] =>
  history.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName === 'alert' ? [alert.parse(jsonIn(signal.input?.payloads?.[0]?.data))] : [],
  );

const jsonIn = (data: Uint8Array | null | undefined): unknown => JSON.parse(Buffer.from(data ?? []).toString('utf8'));

export const fingerprints = async (client: Client, workflowIds?: string[]): Promise<Set<string>> =>
  new Set((await told(client, workflowIds)).map(({ fingerprint }) => fingerprint));

export interface Scheduled {
  type: string;
  /** Milliseconds since 1970, with their fractions. */
  at: number;
}

/** The activities of the newest run, in their order. */
export const scheduled = async (client: Client, workflowId: string): Promise<Scheduled[]> =>
  (await historyOf(client, workflowId)).flatMap(({ eventTime, activityTaskScheduledEventAttributes: activity }) =>
    activity ? [{ type: activity.activityType?.name ?? '', at: millis(eventTime) }] : [],
  );

const millis = (time: History[number]['eventTime']) => Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
