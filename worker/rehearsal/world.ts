/** The answers of the world of a scenario. */

import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { isPublic } from '../../workflows/catalog/activities.ts';
import type { Change, Finding, Mode, Outcome, Plan, TakeBack } from '../../workflows/contract/index.ts';
import { span } from '../../workflows/kit/record/duration.ts';
import type { Answer, Written } from './schema.ts';
import type { Attempt, Reaction } from './virtual-server.ts';

export interface ScriptedWorld {
  answers: (attempt: Attempt) => Reaction;
  /** Titles and types that are answered for, and were never asked. */
  unused: () => string[];
}

interface Setting {
  world: Written['world'];
  mode: Mode;
  /** Milliseconds since 1970. */
  start: number;
}

/** Answers by the title of the step, else by its activity type, else as where all is well. */
export function scriptedWorld({ world, mode, start }: Setting): ScriptedWorld {
  const times = new Map<string, number>();
  const answers = (attempt: Attempt): Reaction => {
    const key = Object.hasOwn(world, attempt.title) ? attempt.title : attempt.type;
    const time = times.get(key) ?? 0;
    times.set(key, time + 1);
    const listed = Object.hasOwn(world, key) ? [world[key] ?? []].flat() : [];
    const answer = chosen(listed, time, attempt.at - start) ?? usual(attempt);
    const reacted = reaction(answer, attempt, mode);
    return { ...reacted, takes: isPlan(reacted) ? aSecond : lengthOf(answer, attempt) };
  };
  return { answers, unused: () => Object.keys(world).filter(key => !times.has(key)) };
}

/** The newest whose time has come, else the next of those without a time. */
function chosen(listed: Answer[], time: number, elapsed: number): Answer | undefined {
  const timely = listed.filter(({ from }) => from !== undefined && span(from) <= elapsed);
  const inTurn = listed.filter(({ from }) => from === undefined);
  return timely.at(-1) ?? inTurn[Math.min(time, inTurn.length - 1)];
}

/** Actions are called with a key, checks are not. */
const usual = ({ args }: Attempt): Answer =>
  args.length > 1 ? { done: 'Done.', changes: [] } : { verdict: 'healthy', evidence: 'All is well.' };

const watched = z.object({ watching: z.object({ for: z.number() }) });
const call = z.object({ key: z.string(), approved: z.string().optional() });

/** Milliseconds. */
const aSecond = 1000;
const isPlan = (reacted: Reaction) => 'result' in reacted && 'planned' in Object(reacted.result);

/** Milliseconds. */
function lengthOf({ takes }: Answer, { args: [input] }: Attempt): number {
  const watching = watched.safeParse(input);
  return takes ? span(takes) : watching.success ? watching.data.watching.for : aSecond;
}

function reaction(answer: Answer, attempt: Attempt, mode: Mode): Reaction {
  if ('fails' in answer) return { error: new Error(answer.fails) };
  if ('refuses' in answer) return { error: refused(answer) };
  if (attempt.type === 'saveReport') return { result: { digest: 'of this rehearsal' } };
  if (attempt.type === 'noteUnseen') return { result: { times: 1, second: false } };
  return { result: 'verdict' in answer ? found(answer, attempt) : outcome(answer, attempt, mode) };
}

const refused = ({ refuses, remedialActions }: Extract<Answer, { refuses: string }>) =>
  ApplicationFailure.nonRetryable(refuses, 'Refused', { nothingDone: true, remedialActions });

type Found = Extract<Answer, { verdict: string }>;

const found = ({ verdict, evidence = verdict, facts, items }: Found, { args: [input] }: Attempt): Finding => ({
  verdict,
  evidence,
  ...(facts && { facts }),
  ...(items !== undefined && {
    frozen: { name: String(Reflect.get(Object(input), 'freeze')), digest: 'of this rehearsal', count: items },
  }),
});

type Acting = Extract<Answer, { done: string } | { planned: string } | { byHand: string }>;

function outcome(answer: Acting, { args: [, second], type }: Attempt, mode: Mode): Outcome {
  if ('byHand' in answer) return { byHand: { system: answer.byHand, because: answer.because, paste: answer.paste } };
  const changes = answer.changes.map(([target, field, before, after]): Change => ({ target, field, before, after }));
  if ('planned' in answer)
    return { planned: planOf(answer.planned, changes), because: { reason: answer.reason, text: answer.because } };
  const { key, approved } = call.parse(second);
  const plan = { ...planOf(answer.done, changes), onePerson: answer.onePerson };
  const isSeen = changes.length > 0 || isPublic(type);
  if (mode === 'observe' && isSeen) return { planned: plan, because: { reason: 'observe', text: 'Only observed.' } };
  if (answer.asks && approved !== plan.digest) return { planned: plan, because: { reason: 'approval', text: answer.asks } };
  const { measured = changes.length > 0 ? 'whole' : 'nothing to measure', effect = 'Accepted.' } = answer;
  const takeBack = changes.flatMap(({ target }) => recordOn(target, { action: type, key, words: answer.done }))[0];
  return { done: { note: answer.done, changes, effect: { measured, text: effect }, ...(takeBack && { takeBack }) } };
}

const planOf = (summary: string, changes: Change[]): Plan => ({ summary, changes, consequences: [], digest: summary });

/** Where what was changed is remembered: on the object itself. */
function recordOn(target: string, change: Omit<TakeBack, 'target'>): TakeBack[] {
  const [, kind, namespace = '', name = ''] = /^([A-Za-z]+) ([^/]+)\/(.+)$/.exec(target) ?? [];
  return kind === undefined ? [] : [{ ...change, target: { system: 'kubernetes', kind, namespace, name } }];
}
