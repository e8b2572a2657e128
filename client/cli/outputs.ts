/** The output of `-o json`, command by command. The JSON Schemas in `schemas/` are made from these. */

import { z } from 'zod';
import { detection } from './detected.ts';
import { activity, catalog } from './shown-catalog.ts';
import { initiated } from './initiated.ts';
import { remains } from './remaining.ts';
import { shownProgress, shownStop } from './shown-progress.ts';
import { tried } from './tried.ts';
import { writtenLine } from './written-line.ts';
import { blindFollowUp, otherCluster } from '../intake/answer.ts';
import { rules } from '../../workflows/catalog/index.ts';
import { question, report, takeBack } from '../report.ts';

/** Which of both, only Temporal knows. */
export const wouldOpen = 'would open or join';
export const wouldResolve = 'would tell an open incident';

const time = z.string().meta({ description: 'RFC 3339, UTC' });
const name = z.string().meta({ description: 'Short name' });

const listed = z.object({
  name,
  workflowId: z.string(),
  runId: z.string(),
  type: z.string().meta({ description: 'Workflow type; takeBack for a take-back' }),
  taskQueue: z.string(),
  open: z.boolean(),
  status: z.string().meta({ description: "Temporal's word" }),
  opened: time,
  closed: time.optional(),
  replaced: z.literal(true).optional().meta({ description: 'It was reset: a later run has its name' }),
  state: z.string().optional(),
  severity: z.string().optional(),
  cluster: z.string().optional(),
  waitingFor: z.array(z.string()),
});

const answered = {
  answered: z.string().nullable().meta({ description: 'The choice, once there is one' }),
  by: z.string().nullable(),
};

const show = report.partial().extend({
  incident: name,
  workflowId: z.string(),
  runId: z.string(),
  open: z.boolean(),
  status: z.string().meta({ description: "Temporal's word" }),
  notProgressing: shownStop.nullable(),
  held: z.string().nullable().meta({ description: 'How it, or everything, is held; null where it is not, or not known' }),
  progress: z.array(shownProgress).meta({ description: 'Of lists that it works through now, such as charges' }),
  questions: z.array(question.extend(answered)),
});

const told = z.object({
  incident: name,
  accepted: z.boolean().nullable().meta({ description: 'null: sent, and judged as soon as a worker runs' }),
  because: z.string().optional(),
});

/** A rollback that was past its end while everything was held. */
const takenBack = z.object({ incident: name, result: z.string(), because: z.string() });

/** An open incident that is held alone. */
const heldAlone = z.object({ incident: name, reason: z.string() });

/** A change of the ConfigMap that holds and arms. */
const held = z.object({
  cluster: z
    .object({ context: z.string(), cluster: z.string(), server: z.string() })
    .meta({ description: 'Where it was done, as KUBECONFIG calls it' }),
  configMap: z.string(),
  changed: z.record(z.string(), z.string().nullable()),
  inForce: z.boolean(),
  kubectl: z.string().meta({ description: 'The same without us' }),
});

/** A change that stands on the platform. */
const standing = z
  .array(
    z.object({
      incident: z.string().meta({ description: 'Short name; its id where Temporal has it no longer' }),
      change: z.string().meta({ description: 'Title of the step that made it' }),
      targets: z.array(z.string()),
      since: time.optional(),
      stays: z.literal(true).optional().meta({ description: 'It is meant to outlast its incident' }),
      undo: z.string().meta({ description: 'What to type' }),
    }),
  )
  .nullable()
  .meta({ description: 'null: the cluster could not be read' });

const hold = z
  .object({ held: z.boolean(), reason: z.string().optional() })
  .nullable()
  .meta({ description: 'Whether everything is held. null: the cluster could not be read' });

const undone = z.object({
  title: z.string(),
  target: z.string(),
  takeBack,
  result: z.enum(['nothing left', 'undone', 'stays', 'asks', 'not progressing', 'unfinished']),
  because: z.string(),
  workflowId: z.string().optional(),
});

const check = z.object({
  check: z.string(),
  ok: z.boolean(),
  warning: z.literal(true).optional().meta({ description: 'No fault, but people should know' }),
  text: z.string(),
  fix: z.string().optional(),
});

const scheduled = z.object({
  name: z.string().meta({ description: 'The slug of its operation' }),
  time: z.string(),
  paused: z.string().optional().meta({ description: 'Why' }),
  next: z.array(time),
  last: time.optional(),
});

const difference = z.object({
  name: z.string(),
  what: z.enum(['missing', 'changed', 'paused', 'unknown']),
  fields: z.array(z.object({ field: z.string(), is: z.string(), wanted: z.string() })),
  text: z.string(),
});

const routed = z.object({
  alert: z.string().optional().meta({ description: 'Its name; absent when it could not be read' }),
  status: z.enum(['firing', 'resolved']).optional(),
  result: z.enum([wouldOpen, wouldResolve, 'ignored', otherCluster, blindFollowUp, 'quarantined']),
  runbook: z.string().optional(),
  rule: z.enum(rules).optional().meta({ description: 'The part of the alert that decided' }),
  reason: z.string(),
});

export const outputs = {
  activities: z.object({ activities: z.array(activity) }),
  coverage: z.object({ lines: z.array(writtenLine), mapped: z.number().int(), of: z.number().int() }),
  catalog,
  open: z.object({
    incident: name,
    workflowId: z.string(),
    result: z.enum(['opened', 'joined']),
    like: z
      .object({ incident: name, from: z.string(), taken: z.array(z.string()), again: z.array(z.string()) })
      .optional()
      .meta({ description: 'Titles that were taken over, and those before the step that had no outcome' }),
  }),
  start: z.object({ operation: name, workflowId: z.string() }),
  schedules: z.object({ schedules: z.array(scheduled) }),
  accept: z.object({ reason: z.string(), until: time, because: z.string(), by: z.string() }),
  'schedules-diff': z.object({ differences: z.array(difference) }),
  route: z.object({
    alerts: z.array(routed),
    truncatedAlerts: z.number().optional().meta({ description: 'Alerts that the sender left out of the body' }),
  }),
  init: initiated.extend({ written: z.string().optional().meta({ description: 'The file that has it now' }) }),
  try: z.object({ alerts: z.array(routed), incidents: z.array(tried) }),
  list: z.object({ hold, held: z.array(heldAlone), incidents: z.array(listed), standing, detection }),
  show,
  ack: told,
  decide: told,
  extend: told,
  severity: told,
  'take-over': told,
  note: told,
  hold: held,
  release: held.extend({ undone: z.array(takenBack), signalled: z.array(name), standing }),
  arm: held.extend({ runbook: z.string(), mode: z.string(), unasked: z.array(z.string()), standing }),
  cancel: z.object({ incident: name, sent: z.literal(true), standing }),
  undo: z.object({ incident: name, changes: z.array(undone), left: z.number().int() }),
  report,
  doctor: z.object({ ok: z.boolean(), checks: z.array(check) }),
  uninstall: remains,
  practice: z.record(z.string(), z.object({ state: z.string(), scheduled: z.array(z.object({ state: z.string(), at: time })) })),
} as const;

export type Output<C extends keyof typeof outputs> = z.infer<(typeof outputs)[C]>;
