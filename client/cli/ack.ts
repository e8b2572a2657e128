import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks ack dynex-outage-20261124-k7fp
  runbooks ack dynex-outage --as bob

You command the incident, unless somebody does already, and nobody further is paged. Not heard of for half an hour (P0: 15
minutes), you are paged again: an answer or a note is a sign of life. It does not acknowledge in PagerDuty: do that there as well.`;

export const ack: Register = (program, desk) =>
  program
    .command('ack <incident>')
    .description('say "I am on it", so that others know who commands the incident')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { as: by, output: format }: { as: string; output: Format }) => {
      const incident = await desk.temporal.find(text);
      const told = await desk.temporal.tell(incident, 'acknowledge', { by });
      tell(desk, format, incident, told, line`${by} is on it. See: runbooks show ${incident.name}`);
    });
