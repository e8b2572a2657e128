// The ways out of the scenarios of a P0, as a person goes them: a command of your own, or a plan that is approved.
import type { Question, Report } from '../../workflows/contract/index.ts';
import { apiIsServed, type Ground } from '../scenarios/ground.ts';
import { missing, repair } from '../scenarios/priority-class.ts';
import { answerUntil, proposed } from './answering.ts';
import { isRecovered } from './scenes.ts';
import type { Stage } from './stage.ts';

/** A person takes as long as a day. */
const day = 86_400_000;

/** What stands in the way is named; whoever removes it runs the command, and everything else comes by itself. */
export async function createsTheClass(stage: Stage, ground: Ground) {
  const { say, yes, following } = stage;
  say(`  ${await following.until(`the name ${missing.name}`, report => naming(report, missing.name))}`);
  if (yes) {
    say(`  --yes: you create it, as ${missing.command} does.`);
    await repair(ground);
  } else await apiIsServed(ground, day);
  say('  3 of 3 pods are ready again, and the outside probe says 1.');
  await following.until('nothing stands in the way', report => !namedLast(report, missing.name) || undefined);
  await answerUntil(stage, isRecovered, { choose: changingNothing });
}

/** The plan is shown, and approved by its digest. */
export async function approvesTheRollback(stage: Stage, ground: Ground) {
  await answerUntil(stage, isRecovered);
  await apiIsServed(ground, day);
  stage.say('  3 of 3 pods are ready again, and the outside probe says 1.');
}

/** Where an incident names a thing, newest first. */
export function naming({ steps, questions }: Report, name: string): string | undefined {
  const said = [
    ...questions.map(({ title, because, evidence }) => ({ title, text: [because, evidence].join(' ') })),
    ...steps.map(({ title, because, evidence }) => ({ title, text: `${because} ${evidence}` })),
  ];
  const found = said.findLast(({ text }) => text.includes(name));
  return found && `${found.title}: ${found.text.trim()}`;
}

/** Whether the newest look at the pods still names it. */
export function namedLast(report: Report, name: string): boolean {
  if (isRecovered(report)) return false;
  const looks = report.steps.filter(({ title, ended }) => title.startsWith('Check overall system health') && ended);
  const last = looks.toSorted((one, other) => (one.ended ?? '').localeCompare(other.ended ?? '')).at(-1);
  return last?.evidence.includes(name) ?? true;
}

/** After you have put it right by hand, there is nothing left to approve. */
export const changingNothing = (question: Question): string => {
  const byHand = question.choices.find(choice => choice === 'done by hand' || choice.startsWith('none of these'));
  return byHand ?? proposed(question);
};
