import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks note dynex-outage-20261124-k7fp 'Dynex support has ticket 4711'

It stands in the report with your name and the time, and counts as activity: no one is paged for silence meanwhile.`;

export const note: Register = (program, desk) =>
  program
    .command('note <incident> <text>')
    .description('add a note to the record of an incident')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (name: string, text: string, { as: by, output: format }: { as: string; output: Format }) => {
      const incident = await desk.temporal.find(name);
      const told = await desk.temporal.tell(incident, 'note', { text, by });
      tell(desk, format, incident, told, line`Noted. See: runbooks show ${incident.name}`);
    });
