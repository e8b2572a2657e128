/** A scenario as it is written: one file of JSON. `node worker/rehearsal/schema.ts` publishes its JSON Schema again. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Severity, verdicts } from '../../workflows/contract/vocabulary.ts';
import { momentOf, momentPattern } from './calendar.ts';

const units = ['second', 'seconds', 'minute', 'minutes', 'hour', 'hours', 'day', 'days'] as const;
const duration = z.templateLiteral([z.number().nonnegative(), ' ', z.enum(units)]);
const who = z.string().min(1).default('ann').describe('Who says so');
const text = z.string().min(1);

const at = z
  .string()
  .meta({
    pattern: momentPattern.source,
    description:
      'When it begins; every other time counts from then. RFC 3339, 2026-11-24T03:00:00+01:00, or calendar, clock and zone, 2026-11-24 03:00 Europe/Berlin',
  })
  .transform((written, context) => {
    const moment = momentOf(written);
    if ('at' in moment) return { written, ms: moment.at };
    context.addIssue({ code: 'custom', message: moment.wrong });
    return z.NEVER;
  });

const when = {
  takes: duration.optional().describe('How long it takes: a second, and for a watch as long as it must hold'),
  from: duration.optional().describe('After the start; from then on this is the answer, whatever was answered before'),
};
const changes = z
  .array(z.tuple([text, text, z.string().nullable(), z.string().nullable()]))
  .default([])
  .describe('Target, field, before, after; null is absent');

const receipt = z.strictObject({
  done: text.describe('What was done'),
  asks: text.optional().describe('Why people must approve it first; absent: it is done without asking'),
  onePerson: z.literal(true).optional().describe('It is so small that no second person need approve it'),
  measured: z.enum(['whole', 'part', 'none', 'nothing to measure']).optional(),
  effect: text.optional().describe('The measurement in a sentence'),
  changes,
  ...when,
});
const plan = z.strictObject({
  planned: text.describe('A plan in a sentence: it comes back whatever people answer'),
  because: text,
  reason: z.enum(['approval', 'not confirmed', 'held', 'moved', 'observe', 'dry run']).default('approval'),
  changes,
  ...when,
});
const byHand = z.strictObject({
  byHand: text.describe('The system that is not connected'),
  because: text.optional(),
  paste: z.string().describe('Empty where nothing is left to do'),
  ...when,
});
const finding = z.strictObject({
  verdict: z.enum(verdicts),
  evidence: text.optional(),
  facts: z.record(z.string(), z.unknown()).optional().describe('What the diagnosis may branch on'),
  items: z.int().nonnegative().optional().describe('How many items the list has that it was asked to freeze'),
  ...when,
});
const failure = z.strictObject({ fails: text.describe('The outcome is unknown; it is tried again'), ...when });
const refusal = z.strictObject({
  refuses: text.describe('The system definitely did nothing; it is not tried again'),
  remedialActions: z
    .array(z.strictObject({ title: text, type: text.describe('Activity type'), input: z.unknown() }))
    .optional()
    .describe('Actions that would remove the obstacle: people may choose one'),
  ...when,
});

export const answer = z.union([receipt, plan, byHand, finding, failure, refusal]);
export type Answer = z.infer<typeof answer>;

const labels = z.record(z.string(), z.string());
const ours = z.strictObject({
  after: duration.describe('After the start'),
  status: z.enum(['firing', 'resolved']),
  runbook: text.optional().describe('Slug of another runbook than the one that is rehearsed'),
  name: text.optional().describe("The runbook's first alert in the catalog, if absent"),
  fingerprint: text.optional(),
  summary: text.optional(),
  labels: labels.optional(),
});
const posted = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels,
  annotations: labels.default({}),
  startsAt: text,
  endsAt: text.optional(),
  fingerprint: text.optional(),
});
const delivered = z.strictObject({
  after: duration,
  alertmanager: z.looseObject({ alerts: z.array(posted).min(1) }).describe('What Alertmanager posts'),
});
const delivery = z.union([ours, delivered]);
export type Delivery = z.infer<typeof delivery>;

const reply = z.strictObject({
  question: text.describe('Its title; a second entry with the same title answers when it is asked again'),
  choice: text,
  who,
  second: text.optional().describe('A second person, who answers the same as long after the first'),
  after: duration.optional().describe('After it was asked; a minute if absent'),
  text: text.optional(),
  reason: text.optional(),
  runbook: text.optional().describe('Only in an incident of this one'),
});
const act = z.strictObject({
  does: z.enum(['acknowledge', 'release', 'cancel']),
  at: duration.describe('After the start'),
  who,
  reason: text.optional(),
  runbook: text.optional().describe('To the incident of this one; to the open incident that was opened last, if absent'),
});
export type Reply = z.infer<typeof reply>;
export type Act = z.infer<typeof act>;

const minutes = z.number().nonnegative();
const quiet = z.strictObject({ P0: minutes, P1: minutes, P2: minutes, P3: minutes } satisfies Record<Severity, z.ZodType>);

const outcome = text.nullable();

export const scenario = z.strictObject({
  $schema: z.string().optional(),
  extends: text
    .optional()
    .describe('Another scenario, beside this one: what this one does not say stands there; worlds are joined'),
  title: text,
  at,
  mode: z.enum(['observe', 'supervised']).default('supervised'),
  deliveries: z
    .array(delivery)
    .min(1)
    .optional()
    .describe(
      'What fires and ends; if absent, an incident has one alert of twenty minutes. What no open incident is for opens a further one, in the same world and time',
    ),
  input: z.record(z.string(), z.unknown()).default({}).describe('Of an operation: the values of its fields'),
  world: z
    .record(z.string(), z.union([answer, z.array(answer).min(1)]))
    .default({})
    .describe(
      'One world for all incidents. By the title of a step, else by activity type; of a list each in turn, and the last one stays. Else all is well',
    ),
  people: z.array(z.union([reply, act])).default([]),
  quietMinutes: quiet.default({ P0: 60, P1: 60, P2: 30, P3: 30 }),
  stages: z
    .array(z.strictObject({ percent: z.number(), minutes }))
    .optional()
    .describe('How quantum jobs return to Dynex, one stage after the other; if absent, all at once'),
  atMost: duration.optional().describe('Then the rehearsal ends, whatever is open; if absent, each incident has seven days'),
  expects: z
    .union([
      z.strictObject({ outcome: outcome.describe('Of every incident; null: it is still open at the end') }),
      z.strictObject({ outcomes: z.array(outcome).min(1).describe('Of each incident, in the order in which they open') }),
    ])
    .optional()
    .describe('Ended otherwise, the rehearsal has failed'),
});
export type Written = z.infer<typeof scenario>;

export const schemaFile = join(import.meta.dirname, 'scenario.schema.json');
export const schemaText = () =>
  `${JSON.stringify({ title: 'A rehearsal of a runbook', ...z.toJSONSchema(scenario, { io: 'input' }) }, undefined, 2)}\n`;

if (import.meta.main) writeFileSync(schemaFile, schemaText());
