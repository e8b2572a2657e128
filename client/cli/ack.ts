import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks ack dynex-outage-20261124-k7fp
  runbooks ack dynex-outage --as bob

You become incident commander, unless there is one already, and no one else is paged. While a question waits and there is no activity for
half an hour (P0: 15 minutes), you are paged again: an answer or a note counts as activity. The worker acknowledges the pages in
PagerDuty too.`;

export const ack: Register = (program, desk) =>
  program
    .command('ack <incident>')
    .description('acknowledge an incident: you become incident commander')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { as: by, output: format }: { as: string; output: Format }) => {
      const incident = await desk.temporal.find(text);
      const told = await desk.temporal.tell(incident, 'acknowledge', { by });
      tell(desk, format, incident, told, line`${by} is on it. See: runbooks show ${incident.name}`);
      const pages = await desk.temporal.acknowledgePages(incident, told !== 'sent');
      if (pages === undefined) desk.note(unknown);
      else if (pages > 0) desk.note(line`Acknowledged in PagerDuty too: ${pages} ${pages === 1 ? 'page' : 'pages'}.`);
    });

const unknown = 'Whether PagerDuty has its pages as acknowledged is not known yet: look there as well.';
