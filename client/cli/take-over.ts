import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks take-over dynex-outage-20261124-k7fp --as bob

You become incident commander in place of the one before. Inform them.`;

export const takeOver: Register = (program, desk) =>
  program
    .command('take-over <incident>')
    .description('take command of an incident from someone else')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { as: by, output: format }: { as: string; output: Format }) => {
      const incident = await desk.temporal.find(text);
      const told = await desk.temporal.tell(incident, 'takeOver', { by });
      tell(desk, format, incident, told, line`${by} commands ${incident.name}. See: runbooks show ${incident.name}`);
    });
