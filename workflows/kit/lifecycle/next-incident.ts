/** Alerts that fire once an incident is over, while its last messages go out: the next one cannot open before it has closed. */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ApplicationFailure, getExternalWorkflowHandle, sleep, startChild } from '@temporalio/workflow';
import { isWritten, type Runbook, runbooks } from '../../catalog/index.ts';
import { type Alert, newName, type NextStart } from '../../contract/index.ts';
import type { Incident, Showing } from '../incident/incident.ts';
import { nextStartOf } from '../incident/next-start.ts';
import { incidentOptions } from '../incident/starting.ts';

/** Milliseconds before the first try, and between the last ones; and how often it is tried: for half a day. */
const [soon, later, mostTries] = [1_000, 60_000, 720];

/** A workflow of its own delivers them, and outlives this one. Nothing that comes meanwhile is left out. */
export async function handOn(incident: Incident, { slug, incident: named }: Pick<Runbook, 'slug' | 'incident'>): Promise<void> {
  for (let times = 1; incident.state.next; times += 1) {
    const [alert, ...others] = incident.state.next;
    incident.record({ kind: 'handed on' });
    if (alert === undefined) return;
    const { platform, attributes } = incident.start;
    const name = newName(named, Date.parse(incident.now()));
    const start = { version: 1, name, alert, platform, ...(attributes && { attributes }) } as const;
    const next: NextStart = { version: 1, runbook: slug, workflowId: incident.workflowId, start, alerts: [alert, ...others] };
    await startChild('nextIncident', {
      workflowId: `next:${incident.id}:${times}`,
      args: [next],
      parentClosePolicy: 'ABANDON',
      staticSummary: `Open ${name} when ${incident.state.incident} has closed`,
    });
  }
}

/** Opens the next incident under the id of the one before, or joins what the intake has opened meanwhile. */
export async function nextIncident(_: Showing, ...args: unknown[]): Promise<{ incident: string }> {
  const { runbook: slug, workflowId, start, alerts } = nextStartOf(args);
  const runbook = runbooks.find(one => one.slug === slug);
  if (!runbook || !isWritten(runbook)) throw ApplicationFailure.nonRetryable(`This version has no runbook ${slug}.`);
  for (let tries = 0; tries < mostTries; tries += 1) {
    await sleep(Math.min(soon * 2 ** tries, later), { summary: 'until the incident before has closed' });
    await startChild(runbook.workflow, {
      workflowId,
      args: [start],
      parentClosePolicy: 'ABANDON',
      ...incidentOptions(runbook, start, start.attributes),
    }).catch(ifItIsOpen);
    if (await areDelivered(workflowId, alerts)) return { incident: start.name };
  }
  throw ApplicationFailure.nonRetryable(`${workflowId} took none of the alerts that fired when the incident before was over.`);
}

function ifItIsOpen(error: unknown) {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
}

/** The one before hands on again what it hears before it has closed. */
async function areDelivered(workflowId: string, alerts: Alert[]): Promise<boolean> {
  const incident = getExternalWorkflowHandle(workflowId);
  try {
    for (const alert of alerts) await incident.signal('alert', alert);
    return true;
  } catch {
    return false;
  }
}
