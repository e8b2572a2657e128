/** A rehearsal as data: what the world answers and what people say, without a line of code. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Change, Finding, Outcome } from '../../workflows/contract/index.ts';
import { verdicts } from '../../workflows/contract/vocabulary.ts';
import type { Script } from './rehearse.ts';
import type { Attempt, Reaction } from './virtual-server.ts';

const seconds = z.number().nonnegative();
const takes = { takes: seconds.default(1).describe('How long it takes') };
const changes = z
  .array(z.tuple([z.string(), z.string(), z.string().nullable(), z.string().nullable()]))
  .default([])
  .describe('Target, field, before, after')
  .transform(rows => rows.map(([target, field, before, after]): Change => ({ target, field, before, after })));

const done = z
  .strictObject({
    done: z.string(),
    measured: z.enum(['whole', 'part', 'none', 'nothing to measure']).default('nothing to measure'),
    effect: z.string().default('Accepted, not yet read.'),
    changes,
    ...takes,
  })
  .transform(({ done: note, measured, effect: text, changes, takes }) => {
    const result: Outcome = { done: { note, changes, effect: { measured, text } } };
    return { result, takes };
  });

const planned = z
  .strictObject({ planned: z.string(), because: z.string(), changes, ...takes })
  .transform(({ planned: summary, because: text, changes, takes }) => {
    const plan = { summary, changes, consequences: [], digest: summary };
    const result: Outcome = { planned: plan, because: { reason: 'approval', text } };
    return { result, takes };
  });

const found = z
  .strictObject({
    verdict: z.enum(verdicts),
    evidence: z.string(),
    facts: z.record(z.string(), z.unknown()).default({}),
    ...takes,
  })
  .transform(({ takes, ...finding }) => ({ result: finding satisfies Finding, takes }));

const fails = z
  .strictObject({ fails: z.string(), ...takes })
  .transform(({ fails, takes }) => ({ error: new Error(fails), takes }));
const refuses = z.strictObject({ refuses: z.string(), ...takes }).transform(({ refuses, takes }) => ({
  error: ApplicationFailure.nonRetryable(refuses, 'Refused', { nothingDone: true }),
  takes,
}));
const kept = z.strictObject({ digest: z.string(), ...takes }).transform(({ digest, takes }) => ({ result: { digest }, takes }));

const answer = z.union([done, planned, found, fails, refuses, kept]);
type Answer = z.infer<typeof answer>;
const answers = z.union([answer, z.array(answer).min(1)]).transform(one => (Array.isArray(one) ? one : [one]));

const scenario = z.strictObject({
  title: z.string(),
  workflow: z.string().describe('Its Temporal type'),
  at: z.iso.datetime(),
  start: z.looseObject({ name: z.string() }).describe('What the workflow is started with'),
  world: z.record(z.string(), answers).describe('By title of the step, else by activity type; the last answer stays'),
  messages: z.array(z.strictObject({ after: seconds, signal: z.string(), says: z.looseObject({}) })),
});

export interface Scenario {
  title: string;
  script: Script;
}

/** Names a file in `scenarios/`. Throws with what is wrong in it. */
export function readScenario(name: string): Scenario {
  const text = readFileSync(join(import.meta.dirname, 'scenarios', `${name}.json`), 'utf8');
  const { title, workflow, at, start, world, messages } = scenario.parse(JSON.parse(text));
  const init = { type: workflow, workflowId: `rehearsal:${name}`, runId: start.name, args: [start], at: Date.parse(at) };
  const said = messages.map(({ after, signal, says }) => ({ after: after * 1000, signal, args: [says] }));
  return { title, script: { init, world: worldOf(world), messages: said } };
}

function worldOf(world: Record<string, Answer[]>) {
  const times = new Map<string, number>();
  return ({ title, type }: Attempt): Reaction => {
    const key = world[title] ? title : type;
    const time = times.get(key) ?? 0;
    times.set(key, time + 1);
    const listed = world[key];
    const found = listed?.[Math.min(time, listed.length - 1)];
    if (!found) throw new Error(`The scenario has no answer for “${title}” (${type}): add one to its world.`);
    return { ...found, takes: found.takes * 1000 };
  };
}
