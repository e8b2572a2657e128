import { reported } from '../reported.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';
import { asWritten } from './typed.ts';

const examples = `
Examples:
  runbooks decide dynex-outage-20261124-k7fp what-is-the-cause 'Dynex Platform Issue' --as bob
  runbooks decide dynex-outage gradual-rollback-100 approve --digest "$DIGEST" --reason 'seen, quiet hour'

If two people must approve, both type the same command. The first valid answer wins; a refused answer is recorded with the reason.`;

interface Options {
  as: string;
  reason?: string;
  text?: string;
  digest?: string;
  breakGlass?: true;
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
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (name: string, id: string, typed: string, { as: by, output: format, ...more }: Options) => {
      const incident = await desk.temporal.find(name);
      const { report } = await reported(desk.temporal, incident);
      const questions = report?.questions ?? [];
      const question = asWritten(
        id,
        questions.map(asked => asked.id),
      );
      const choice = asWritten(typed, questions.find(asked => asked.id === question)?.choices ?? []);
      const told = await desk.temporal.tell(incident, 'decide', { question, choice, by, ...more });
      tell(desk, format, incident, told, line`Accepted: ${choice}, by ${by}. The result: runbooks show ${incident.name}`);
    });
