import { reported } from '../reported.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { duration } from './durations.ts';
import { follows, waitForOutcome } from './outcome-of-answer.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';
import { asWritten } from './typed.ts';

const examples = `
Examples:
  runbooks decide dynex-outage-20261124-k7fp what-is-the-cause 'Dynex Platform Issue' --as bob
  runbooks decide dynex-outage gradual-rollback-100 approve --digest "$DIGEST" --reason 'seen, quiet hour'

  runbooks decide dynex-outage gradual-rollback-100 approve --wait

An accepted answer is not yet a change: the step may still be refused, and then asks again. --wait shows its outcome. If two people
must approve, both type the same command. The first valid answer wins; a refused answer is recorded with the reason.`;

const usualWait = '2m';

interface Options {
  as: string;
  reason?: string;
  text?: string;
  digest?: string;
  breakGlass?: true;
  wait?: string | true;
  output: Format;
}

export const decide: Register = (program, desk) =>
  program
    .command('decide <incident> <question> <choice>')
    .description('answer a question; runbooks show lists questions and choices')
    .addOption(as())
    .option('--reason <text>', 'why, for the record')
    .option('--text <text>', 'the answer to a question for a text: a name, never a secret')
    .option('--digest <digest>', 'the digest of the plan you have seen: any other plan is then refused')
    .option('--break-glass', 'decide alone a question that needs two people: pages the owners, needs --reason')
    .option(
      '--wait [duration]',
      `wait for the outcome of the step, ${usualWait} if no duration is given; exits with 4 if it was refused`,
    )
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (name: string, id: string, typed: string, { as: by, output: format, wait, ...more }: Options) => {
      const within = wait === undefined ? undefined : duration(wait === true ? usualWait : wait);
      const incident = await desk.temporal.find(name);
      const { report } = await reported(desk.temporal, incident);
      const questions = report?.questions ?? [];
      const question = asWritten(
        id,
        questions.map(asked => asked.id),
      );
      const asked = questions.find(({ id: one }) => one === question);
      const choice = asWritten(typed, asked?.choices ?? []);
      const told = await desk.temporal.tell(incident, 'decide', { question, choice, by, ...more });
      const next = [follows(choice, asked), line`The outcome: runbooks show ${incident.name}, or wait for it with --wait.`];
      tell(
        desk,
        format,
        incident,
        told,
        [line`Accepted: ${choice}, by ${by}.`, ...(within ? [] : next)].filter(Boolean).join(' '),
      );
      if (within && told !== 'sent') desk.note(await waitForOutcome(desk, incident, question, within));
    });
