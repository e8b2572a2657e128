// A question of the incident, as the guide puts it: three ways to answer, and what happens if no one does.
import { createInterface } from 'node:readline/promises';
import { openQuestions } from '../../client/cli/first-lines.ts';
import { decideLine, signalLine } from '../../client/cli/question-lines.ts';
import { clock } from '../../client/cli/text.ts';
import { needsReason, type Question, type Report } from '../../workflows/contract/index.ts';
import { reason } from '../lab-error.ts';
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
    await following.decide(question.id, choice, 'ann', more(question, choice));
    return following.answered(question.id);
  }
  const stop = new AbortController();
  void typed(asker, question, stop.signal);
  const settled = await following.answered(question.id, 24 * 3_600_000);
  stop.abort();
  return settled;
}

/** Whoever answers otherwise than the guide would is asked what the incident asks then. */
export async function answerUntil(
  asker: Asker,
  isReached: (report: Report) => boolean,
  { beforehand, choose = proposed, isLeft = () => false, within }: Answering = {},
) {
  const { say, following } = asker;
  for (let refused = 0; ; ) {
    const { report, question } = await following.until('the way back', seen => nextQuestion(seen, isReached, isLeft), within);
    if (question === undefined) return;
    const refusals = report.refusals.filter(({ what }) => what === `approve ${question.title}`).length;
    if (refusals > refused) say('  The approval is refused, nothing was changed: the world has moved. Another plan is asked.');
    refused = refusals;
    await beforehand?.(question);
    await answered(asker, question, choose(question));
  }
}

interface Answering {
  beforehand?: (question: Question) => Promise<void>;
  /** What the guide would answer; what the incident proposes, unless told. */
  choose?: (question: Question) => string;
  /** What no one answers: it is withdrawn by itself. */
  isLeft?: (question: Question) => boolean;
  /** Milliseconds to the next question; four minutes unless told. */
  within?: number;
}

export const proposed = ({ suggest, choices }: Question) => suggest ?? choices[0] ?? '';

/** No question once it is reached. */
function nextQuestion(
  report: Report,
  isReached: (report: Report) => boolean,
  isLeft: (question: Question) => boolean,
): { report: Report; question?: Question } | undefined {
  const question = openQuestions(report).find(one => !isLeft(one));
  if (isReached(report)) return { report };
  return question && { report, question };
}

function show({ say, following, workflowId, temporalUi }: Asker, question: Question, choice: string) {
  const { id, title, choices, because, plan, expires, otherwise, suggest } = question;
  say(`  ? ${title}  (${id})`);
  if (because) say(`    ${because}`);
  if (plan) table(line => say(`  ${line}`), changeRows(plan.changes));
  for (const consequence of plan?.consequences ?? []) say(`    ${consequence}`);
  say(`    Choices: ${choices.join(' · ')}${suggest ? `   (proposed: ${suggest})` : ''}`);
  say('    Three ways to answer: a terminal, the temporal CLI, the Temporal UI:');
  say(`      ${decideLine(following.name, question, choice)}`);
  say(`      ${signalLine(workflowId, question, choice)}`);
  say(`      Temporal UI, “Send a Signal”, decide, with the same JSON: ${temporalUi}`);
  say(
    expires
      ? `    If no one answers: at ${clock(expires, Date.now())} it is “${otherwise}”; nothing is changed by that.`
      : '    If no one answers: it waits, and nothing is changed.',
  );
}

/** The fourth way, for this terminal only: the number of a choice. Ends when the question is answered, here or elsewhere. */
async function typed({ say, following }: Asker, question: Question, elsewhere: AbortSignal) {
  const { choices } = question;
  if (!process.stdin.isTTY) return;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // While lines are read, the terminal leaves Ctrl-C to us.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  say(`    Or here: ${choices.map((choice, index) => `${index + 1} ${choice}`).join('   ')}`);
  try {
    for (;;) {
      const choice = choices[Number(await lines.question('    Number: ', { signal: elsewhere })) - 1];
      if (choice === undefined) say(`    Type a number from 1 to ${choices.length}.`);
      else if (await isAccepted({ say, following }, question, choice)) return;
    }
  } catch (error) {
    if (!elsewhere.aborted) say(`    This terminal no longer answers (${reason(error)}): use one of the three ways.`);
  } finally {
    lines.close();
  }
}

async function isAccepted({ say, following }: Pick<Asker, 'say' | 'following'>, question: Question, choice: string) {
  const told = await following.decide(question.id, choice, process.env['USER'] ?? 'you', more(question, choice));
  if (told === 'sent' || told.accepted) return true;
  say(`    Refused: ${told.because}`);
  return false;
}

/** A plan is answered as it was shown. */
const more = ({ plan }: Question, choice: string) => ({
  ...(needsReason(choice) && { reason: 'practice' }),
  ...(plan && { digest: plan.digest }),
});
