/** Which runbook an alert opens. Pure: the label `runbook` first, the alert's name second. */

import { severities } from '../contract/index.ts';
import type { Severity } from '../contract/index.ts';
import { blind, opensNothing } from './evidence.ts';
import type { OpeningAlert, Runbook } from './runbook.ts';
import { runbooks } from './runbooks.ts';

export type Labels = Readonly<Record<string, string>>;
/** A runbook that can be opened; its workflow is written. */
export type Written = Runbook & { workflow: string };
/** The part of an alert that decided. */
export const rules = ['label runbook', 'alert name'] as const;
export type Rule = (typeof rules)[number];
/** Why an alert opens nothing: it never does, its rule cannot be evaluated, or there is no runbook for it. */
export type Kind = 'opens nothing' | 'detection is blind' | 'no runbook';
export type Route = { runbook: Written; by: Rule } | { kind: Kind; reason: string };

export const isWritten = (runbook: Runbook): runbook is Written => runbook.workflow !== undefined;

/** `reason` says why the alert opens nothing, as the end of "ignored: …". */
export function route(labels: Labels): Route {
  const nothing = opensNone(labels);
  if (nothing) return nothing;
  const byLabel = labelled(labels);
  const runbook = byLabel ?? named(labels);
  if (!runbook) return none(unknown(labels));
  if (runbook.severity === 'P0' && !opens(runbook, labels))
    return none(`${runbook.title} is opened only by an alert that the catalog names, or by a person`);
  if (!isWritten(runbook)) return none(notWritten(runbook));
  if (runbook.kind === 'operation') return none(noIncident(runbook));
  return { runbook, by: byLabel ? 'label runbook' : 'alert name' };
}

function opensNone({ alertname = '', severity = '' }: Labels): Route | undefined {
  const unseen = own(blind, alertname);
  if (unseen) return { kind: 'detection is blind', reason: unseen };
  const quiet = severity === 'none' || severity === 'info';
  const reason = quiet ? `alerts of severity ${severity} open nothing` : own(opensNothing, alertname);
  return reason === undefined ? undefined : { kind: 'opens nothing', reason };
}

const none = (reason: string): Route => ({ kind: 'no runbook', reason });

export const notWritten = ({ slug, title, incident }: Runbook) =>
  incident === slug
    ? `the runbook ${title} (${slug}) is not written as a workflow yet; follow the document`
    : `the runbook ${title} (${slug}) is not written as a workflow yet; ${incident} does the same`;

export const noIncident = ({ slug, title }: Runbook) =>
  `${title} is an operation, which no alert opens: its schedule or a person starts it (runbooks start ${slug})`;

/** P0 only where the catalog names the alert; otherwise what the alert says, or the runbook's own. */
export function severityOf(runbook: Runbook, labels: Labels): Severity {
  const said = severities.find(severity => severity === labels['priority']);
  return said && (said !== 'P0' || opens(runbook, labels)) ? said : runbook.severity;
}

/** A request of a person, by a name of its own; the server appends the time of a schedule to the bare id. */
export const operationIdOf = (name: string) => `${operationPrefix}${name}`;
export const operationPrefix = 'operation:';

/** The workflow's id: one execution at a time of each incident on each cluster. No slash: the server's HTTP API would not find it. */
export const workflowIdOf = (runbook: Runbook, cluster: string) =>
  `incident:${runbook.incident}:${cluster.replace(/[^\w.-]+/g, '-')}`;

const own = (table: Readonly<Record<string, string>>, name: string) => (Object.hasOwn(table, name) ? table[name] : undefined);

const labelled = (labels: Labels) => runbooks.find(runbook => runbook.slug === labels['runbook']);
const named = (labels: Labels) => runbooks.find(runbook => opens(runbook, labels));
const opens = (runbook: Runbook, labels: Labels) => runbook.alerts.some(alert => fits(alert, labels));

const fits = ({ name, where }: OpeningAlert, labels: Labels) =>
  name === labels['alertname'] && (!where || (labels[where.label] ?? '').startsWith(where.begins));

function unknown({ alertname, runbook }: Labels) {
  const label = runbook ? `no runbook ${JSON.stringify(runbook)}, and ` : '';
  return `the catalog has ${label}no runbook for ${JSON.stringify(alertname ?? '')}`;
}
