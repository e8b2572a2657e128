/** The record of an incident as it is read back from Temporal or from the artifact store. */

import { z } from 'zod';
import { Failed } from './errors.ts';
import { inPresentForm } from './former-report.ts';
import {
  alertSources,
  clocks,
  incidentStates,
  modes,
  questionKinds,
  severities,
  stepStates,
  textFormNames,
  verdicts,
} from '../workflows/contract/index.ts';
import type { Report } from '../workflows/contract/index.ts';

const time = z.string().meta({ description: 'RFC 3339, UTC' });
const texts = z.record(z.string(), z.string());

const change = z.looseObject({
  target: z.string(),
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

export const plan = z.looseObject({
  summary: z.string(),
  changes: z.array(change),
  consequences: z.array(z.string()),
  digest: z.string(),
});

const alert = z.looseObject({
  name: z.string(),
  status: z.enum(['firing', 'resolved']),
  fingerprint: z.string(),
  startsAt: time,
  endsAt: time.optional(),
  labels: texts,
  annotations: texts,
  source: z.enum(alertSources),
  artifact: z.string().optional(),
  absorbed: time.optional(),
  firedAgain: time.optional(),
});

export const takeBack = z.looseObject({
  action: z.string(),
  key: z.string(),
  target: z.looseObject({
    system: z.enum(['kubernetes', 'status page', 'job hub', 'NQBA API']),
    kind: z.string(),
    namespace: z.string().optional(),
    name: z.string(),
  }),
  words: z.string(),
});

export const step = z.looseObject({
  title: z.string(),
  phase: z.string(),
  key: z.string(),
  state: z.enum(stepStates),
  because: z.string(),
  evidence: z.string(),
  began: time,
  ended: time.optional(),
  changes: z.array(change),
  effect: z.looseObject({ measured: z.enum(['whole', 'part', 'none', 'nothing to measure']), text: z.string() }).optional(),
  takeBack: takeBack.optional(),
  changed: time.optional(),
});

const answer = z.looseObject({
  choice: z.string(),
  text: z.string().optional(),
  by: z.string(),
  how: z.enum(['claimed', 'verified', 'time']),
  at: time,
  reason: z.string().optional(),
});

export const question = z.looseObject({
  id: z.string(),
  kind: z.enum(questionKinds),
  title: z.string(),
  choices: z.array(z.string()),
  owner: z.string(),
  blocking: z.boolean(),
  asked: time,
  expires: time.optional(),
  otherwise: z.string().optional(),
  suggest: z.string().optional(),
  because: z.string().optional(),
  evidence: z.string().optional(),
  text: z.enum(textFormNames).optional(),
  plan: plan.optional(),
  second: z.string().optional(),
  also: z.string().optional(),
  votes: z.array(answer).optional(),
  answer: answer.optional(),
  withdrawn: z.string().optional(),
});

const phase = z.looseObject({
  title: z.string(),
  began: time,
  ended: time.optional(),
  by: time.optional(),
  overdue: z.string().optional(),
  extended: z.array(z.looseObject({ at: time, by: z.string(), until: time, reason: z.string() })).optional(),
});

const times = z.looseObject({
  fired: time,
  opened: time,
  paged: time.optional(),
  acknowledged: time.optional(),
  mitigated: time.optional(),
  resolved: time.optional(),
  closed: time.optional(),
});

export const report = z.looseObject({
  version: z.literal(1),
  incident: z.string().meta({ description: 'Short name' }),
  runbook: z.string(),
  title: z.string(),
  kind: z.literal('operation').optional().meta({ description: 'Absent: an incident' }),
  severity: z.enum(severities),
  state: z.enum(incidentStates),
  mode: z.enum(modes).optional(),
  outcome: z.string().optional(),
  summary: z.string(),
  like: z.looseObject({ incident: z.string(), from: z.string() }).optional(),
  timesFaster: z.number(),
  times,
  commander: z.string().optional(),
  unreached: z
    .array(
      z.looseObject({
        role: z.string(),
        because: z.enum(['no hours now', 'no address', 'no answer']),
        from: time.optional(),
      }),
    )
    .optional(),
  alerts: z.array(alert),
  moreAlerts: z.number().optional(),
  uncounted: z.number().optional(),
  absorbed: z.number(),
  phases: z.array(phase),
  steps: z.array(step),
  questions: z.array(question),
  refusals: z.array(z.looseObject({ at: time, what: z.string(), by: z.string(), because: z.string() })),
  withdrawn: z.array(z.string()),
  undelivered: z.array(z.looseObject({ system: z.string(), because: z.string() })),
  byHand: z.array(z.looseObject({ step: z.string(), system: z.string(), paste: z.string() })),
  followUps: z.array(
    z.looseObject({
      title: z.string(),
      owner: z.string(),
      confirm: z.string(),
      recurs: z.string().optional(),
      since: time.optional(),
      over: z.literal(true).optional(),
      ticket: z.looseObject({ href: z.string(), text: z.string() }).optional(),
    }),
  ),
  overdue: z.array(z.looseObject({ clock: z.enum(clocks), at: time })).optional(),
  brokenGlass: z
    .array(z.looseObject({ at: time, by: z.string(), question: z.string(), title: z.string(), reason: z.string() }))
    .optional(),
  notes: z.array(z.looseObject({ at: time, by: z.string(), text: z.string() })).optional(),
  severityChanges: z
    .array(z.looseObject({ at: time, by: z.string(), from: z.enum(severities), to: z.enum(severities), reason: z.string() }))
    .optional(),
  recovery: z.looseObject({ verdict: z.enum(verdicts), evidence: z.string() }).optional(),
  standing: z.array(z.string()).optional().meta({ description: 'Changes that stood when it ended' }),
  timeline: z.array(z.looseObject({ at: time, who: z.string(), what: z.string() })).optional(),
  shortened: z.literal(true).optional(),
}) satisfies z.ZodType<Report>;

/** The answer of an update; that it was refused is an answer only of workers before updates failed. */
export const verdicted = z.union([
  z.object({ accepted: z.literal(true) }),
  z.object({ accepted: z.literal(false), because: z.string() }),
]);

/** Throws `Failed` when the report was written by a version that we do not know. */
export function reportOf(answer: unknown): Report {
  const parsed = report.safeParse(inPresentForm(answer));
  if (parsed.success) return parsed.data;
  throw new Failed(`The report cannot be read by this version:\n${z.prettifyError(parsed.error)}`);
}
