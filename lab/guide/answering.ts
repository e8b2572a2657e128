// A question of the incident, as the guide puts it: three ways to answer, and what happens if nobody does.
import { createInterface } from 'node:readline/promises';
import type { Question } from '../../workflows/contract/index.ts';
import type { Following } from './following.ts';
import { changeRows, type Say, table } from './telling.ts';

export interface Asker {
  say: Say;
  yes: boolean;
  following: Following;
  workflowId: string;
  temporalUi: string;
}

/** Waits for the answer, whichever way it comes; with `--yes` the guide gives it. */
export async function answered(asker: Asker, question: Question, choice: string): Promise<Question> {
  const { say, yes, following } = asker;
  show(asker, question, choice);
  if (yes) {
    say(`  --yes: ann answers “${choice}”.`);
    await following.decide(question.id, choice, 'ann');
    return following.answered(question.id);
  }
  const stop = new AbortController();
  void typed(asker, question, stop.signal);
  const answer = await following.answered(question.id, 24 * 3_600_000);
  stop.abort();
  return answer;
}

function show(
  { say, following, workflowId, temporalUi }: Asker,
  { id, title, choices, because, plan, expires, otherwise, suggest }: Question,
  choice: string,
) {
  say(`  ? ${title}  (${id})`);
  if (because) say(`    ${because}`);
  if (plan) table(line => say(`  ${line}`), changeRows(plan.changes));
  for (const consequence of plan?.consequences ?? []) say(`    ${consequence}`);
  say(`    Choices: ${choices.join(' · ')}${suggest ? `   (proposed: ${suggest})` : ''}`);
  say('    Three ways to answer: a terminal, the temporal CLI, the Temporal UI:');
  say(`      npm run runbooks -- decide ${following.name} ${id} '${choice}' --as YOU`);
  say(
    `      temporal workflow signal --workflow-id '${workflowId}' --name decide --input '${JSON.stringify({ question: id, choice, by: 'YOU' })}'`,
  );
  say(`      Temporal UI, “Send a Signal”, decide: ${temporalUi}`);
  say(
    expires
      ? `    If nobody answers: at ${expires} it is “${otherwise}”; nothing is changed by that.`
      : '    If nobody answers: it waits, and nothing is changed.',
  );
}

/** The fourth way, for this terminal only: type the choice. */
async function typed({ say, following }: Asker, { id, choices }: Question, signal: AbortSignal) {
  if (!process.stdin.isTTY) return;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  signal.addEventListener('abort', () => lines.close());
  try {
    for (;;) {
      const number = Number(
        await lines.question(`    Or here: ${choices.map((choice, index) => `${index + 1} ${choice}`).join('   ')} > `, {
          signal,
        }),
      );
      const choice = choices[number - 1];
      if (choice === undefined) say(`    Type a number from 1 to ${choices.length}.`);
      else await following.decide(id, choice, process.env.USER ?? 'you');
    }
  } catch {
    lines.close();
  }
}
