import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks ack dynex-outage-20261124-k7fp
  runbooks ack dynex-outage --as bob`;

export const ack: Register = (program, desk) =>
  program
    .command('ack <incident>')
    .description('say "I am on it": the paging of others stops, and you command the incident')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { as: by, output: format }: { as: string; output: Format }) => {
      const incident = await desk.temporal.find(text);
      const told = await desk.temporal.acknowledge(incident, by);
      tell(desk, format, incident, told, line`${incident.name} is yours, ${by}. See: runbooks show ${incident.name}`);
    });
