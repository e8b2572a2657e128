/** Who answered the steps of an incident on a practice platform: each title with what the answers themselves said. */

import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import type { Report } from '../../workflows/contract/index.ts';
import type { Platform } from './practice.ts';

const noted = z.object({ workflow: z.string(), run: z.string(), activity: z.string(), by: z.string() });
/** Loaded into the worker, it notes them. */
export const observer = new URL('./answers-observed.ts', import.meta.url).pathname;

/** By title: whether a stand-in answered any of its calls. Real servers, also those that are not called by HTTP, say nothing. */
export type Answered = ReadonlyMap<string, 'real' | 'stand-in'>;

/** Steps that came to nothing: not connected, or left to people. */
const isDone = ({ state }: Report['steps'][number]) =>
  !['by hand', 'unknown', 'skipped', 'withdrawn', 'not delivered'].includes(state);

export async function answeredBy(platform: Platform, workflowId: string, report: Report, file: string): Promise<Answered> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const all = lines.map(line => noted.parse(JSON.parse(line))).filter(({ workflow }) => workflow === workflowId);
  const fromStandIns = new Set<string>();
  for (const [run, those] of Map.groupBy(all, ({ run }) => run)) {
    const titles = await titlesIn(platform, workflowId, run);
    for (const { activity, by } of those) if (by !== 'real') fromStandIns.add(titles.get(activity) ?? '');
  }
  const done = report.steps.filter(isDone).map(({ title }) => title);
  return new Map(done.map(title => [title, fromStandIns.has(title) ? 'stand-in' : 'real']));
}

/** Titles of the activities of a run, by their ids: the summaries that Temporal keeps. */
async function titlesIn({ environment }: Platform, workflowId: string, runId: string): Promise<Map<string, string>> {
  const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS ?? '' });
  try {
    const client = new Client({ connection, namespace: environment.TEMPORAL_NAMESPACE ?? '' });
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const titles = (events ?? []).map(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }): [string, string] => [
      scheduled?.activityId ?? '',
      z
        .string()
        .catch('')
        .parse(JSON.parse(Buffer.from(userMetadata?.summary?.data ?? '""').toString())),
    ]);
    return new Map(titles);
  } finally {
    await connection.close();
  }
}
