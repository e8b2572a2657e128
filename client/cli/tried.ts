/** A runbook as `runbooks try` shows it: what an observing worker finds out, what it would change, and what it would ask. */

import { z } from 'zod';
import { readableChange } from '../../workflows/contract/index.ts';
import { bold, line } from './text.ts';

const change = z.object({
  target: z.string(),
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const question = z.object({
  title: z.string(),
  owner: z.string(),
  choices: z.array(z.string()),
  suggest: z.string().optional(),
  because: z.string().optional(),
});

export const tried = z.object({
  runbook: z.string(),
  alert: z.string().meta({ description: 'The one that would open it' }),
  findings: z.array(z.object({ title: z.string(), state: z.string(), evidence: z.string() })),
  plans: z
    .array(z.object({ title: z.string(), text: z.string(), changes: z.array(change) }))
    .meta({ description: 'What a worker that may act would change' }),
  questions: z.array(question),
});
type Tried = z.infer<typeof tried>;

export const triedLines = ({ runbook, alert, findings, plans, questions }: Tried): string[] => [
  '',
  bold(line`${runbook}, for ${alert}`),
  ...findings.map(({ title, state, evidence }) => line`  ${state.padEnd(8)} ${title}: ${evidence}`),
  ...plans.flatMap(({ title, text, changes }) => [
    line`  would    ${title}: ${text}`,
    ...changes.map(readableChange).map(changeLine),
  ]),
  ...questions.map(questionLine),
];

const changeLine = ({ target, field, before, after }: z.infer<typeof change>) =>
  line`             ${target} ${field}: ${before ?? 'absent'} → ${after ?? 'absent'}`;

const questionLine = ({ title, owner, choices, suggest }: z.infer<typeof question>) =>
  line`  asks     ${owner}: ${title} (${choices.join(', ')})${suggest ? `; proposed: ${suggest}` : ''}`;
