/** Alerts that open no incident: critical ones without a runbook, and the Watchdog that proves that alerts come. */

import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Alert, MessageName, NoticeStart, WatchdogStart } from '../../workflows/contract/index.ts';
import { reportQuery } from '../../workflows/contract/index.ts';
import { beginning } from './messages.ts';
import type { Server } from './server.ts';

/** Pages the first level that this alert has no runbook, once for its name and namespace; the end of an alert starts nothing. */
export async function notice(server: Server, alert: Alert): Promise<void> {
  const workflowId = `notice:${idPart(alert.labels['cluster'])}`;
  const { client, taskQueue } = server;
  if (alert.status === 'resolved') {
    const told = () => server.handle({ workflowId }).signal('alert' satisfies MessageName, alert);
    await server.ask(told).catch(falseIfClosed);
    return;
  }
  const args: [NoticeStart] = [{ version: 1 }];
  const start = { workflowId, taskQueue, args, ...beginning('alert', alert), staticSummary: 'Critical alerts without a runbook' };
  await server.ask(() => client.workflow.signalWithStart('notice', start));
}

/** Keeps the watch on the cluster's detection quiet: its absence pages the first level. */
export async function proveDetection(server: Server, alert: Alert): Promise<void> {
  const args: [WatchdogStart] = [{ version: 1 }];
  const start = {
    workflowId: `${watchdogs}${idPart(alert.labels['cluster'])}`,
    taskQueue: server.taskQueue,
    args,
    ...beginning('alert', alert),
    staticSummary: 'Pages when Alertmanager’s Watchdog stays away',
  };
  await server.ask(() => server.client.workflow.signalWithStart('watchdog', start));
}

const watchdogs = 'watchdog:';

const told = z.object({
  watchdog: z.object({ last: z.string(), armed: z.boolean(), absent: z.string().optional() }),
  failure: z.string().optional(),
});

export interface WatchedDetection {
  cluster: string;
  /** This and the next RFC 3339. Absent where no worker answers. */
  last?: string | undefined;
  /** Since when people are paged for its absence. */
  absent?: string | undefined;
  /** It comes so seldom that its absence pages no one. */
  seldom?: true | undefined;
  /** Why the page was not delivered. */
  failure?: string | undefined;
}

/** The Watchdogs of the clusters that sent one, as the workflows know them. */
export async function watchedDetection(server: Server): Promise<WatchedDetection[]> {
  const ids: string[] = [];
  const query = `WorkflowId STARTS_WITH '${watchdogs}' AND ExecutionStatus = 'Running'`;
  await server.ask(async () => {
    for await (const { workflowId } of server.client.workflow.list({ query })) ids.push(workflowId);
  });
  return Promise.all(ids.map(workflowId => askedOf(server, workflowId)));
}

async function askedOf(server: Server, workflowId: string): Promise<WatchedDetection> {
  const cluster = workflowId.slice(watchdogs.length);
  try {
    const { watchdog, failure } = told.parse(await server.ask(() => server.handle({ workflowId }).query(reportQuery)));
    const { last, absent, armed } = watchdog;
    return { cluster, last, absent, seldom: armed ? undefined : true, failure };
  } catch {
    return { cluster };
  }
}

export const idPart = (cluster = '') => cluster.replace(/[^\w.-]+/g, '-');
export const falseIfClosed = (error: unknown) => (error instanceof WorkflowNotFoundError ? false : Promise.reject(error));
