/** Changes, messages and questions of a rehearsed incident. */

import { z } from 'zod';
import { isMessage } from '../../workflows/catalog/activities.ts';
import type { Question } from '../../workflows/contract/index.ts';
import { type Reach, recipientsOf } from './recipients.ts';
import type { Rehearsal } from './rehearse.ts';
import type { Ran } from './virtual-server.ts';

const called = z.object({ key: z.string(), approved: z.string().optional(), dryRun: z.boolean().optional() });
const outcome = z.union([
  z.object({ done: z.object({ note: z.string(), changes: z.array(z.unknown()) }) }),
  z.object({ planned: z.object({ summary: z.string() }), because: z.object({ reason: z.string() }) }),
  z.object({ byHand: z.object({ paste: z.string() }) }),
]);

/** Every attempt of every action: each has its key, and the same key is the same effect. */
const acted = (ran: Ran[]) =>
  ran.flatMap(one => {
    const call = called.safeParse(one.args[1]);
    if (!call.success) return [];
    const { type, title, at, attempt, reaction, args } = one;
    const { key, approved } = call.data;
    const about = { at: new Date(at).toISOString(), title, type, key, attempt, ...(approved && { approved }), input: args[0] };
    return [{ ...about, ...became(reaction) }];
  });

function became(reaction: Ran['reaction']) {
  if ('error' in reaction) return { failed: reaction.error.message };
  const said = outcome.safeParse(reaction.result).data;
  if (!said) return {};
  if ('done' in said) return { done: said.done.note, changes: said.done.changes };
  return 'planned' in said ? { planned: said.planned.summary, because: said.because.reason } : { byHand: said.byHand.paste };
}

export type Effects = ReturnType<typeof effectsOf>;

/** One incident of what `runbooks rehearse -o json` prints. */
export function effectsOf({ ran, report, closed, minutes, timers, runs }: Rehearsal, reach: Reach) {
  const all = acted(ran);
  return {
    incident: report.incident,
    runbook: report.runbook,
    closed,
    minutes,
    timers,
    runs,
    report,
    effects: all.filter(({ type }) => !isMessage(type)),
    messages: all
      .filter(({ type }) => isMessage(type))
      .map(({ type, input, ...rest }) => ({ type, to: recipientsOf(reach, { type, input, at: rest.at }), input, ...rest })),
    questions: report.questions.map(resultOf),
  };
}

function resultOf({ id, title, owner, asked, expires, answer, withdrawn }: Question) {
  const about = { id, title, owner, asked, ...(expires && { expires }) };
  if (answer) return { ...about, result: answer.how === 'time' ? 'expired' : 'answered', answer };
  return withdrawn ? { ...about, result: 'withdrawn', because: withdrawn } : { ...about, result: 'open' };
}
