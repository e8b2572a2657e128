import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks decide dynex-outage-20261124-k7fp what-is-the-cause 'Dynex Platform Issue' --as bob
  runbooks decide dynex-outage gradual-rollback-100 approve --digest "$DIGEST" --reason 'seen, quiet hour'

Where two persons must approve, each does with the same command. It never asks back. The first valid answer wins; whatever is refused is recorded with the reason.`;

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
    .option('--text <text>', 'where the question asks for a text: the name of a checked text, never a secret')
    .option('--digest <digest>', 'the whole digest of the plan you have seen: another plan is then refused')
    .option('--break-glass', 'decide alone what takes two persons: pages the owners, needs --reason')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (name: string, question: string, choice: string, { as: by, output: format, ...more }: Options) => {
      const incident = await desk.temporal.find(name);
      const told = await desk.temporal.tell(incident, 'decide', { question, choice, by, ...more });
      tell(desk, format, incident, told, line`Accepted: ${choice}, by ${by}. See: runbooks show ${incident.name}`);
    });
