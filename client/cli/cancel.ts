import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { outputs } from './outputs.ts';
import { type StandingChange, standingNow, standingSection } from './standing-changes.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks cancel dynex-outage-20261124-k7fp --reason 'planned maintenance of the provider'
  runbooks cancel dynex-outage-20261124-k7fp --reason 'the probe was moved' --false-alarm

The running step is finished first; then the incident asks whether to undo or leave its changes.`;

interface Options {
  as: string;
  reason: string;
  falseAlarm?: true;
  output: Format;
}

export const cancel: Register = (program, desk) =>
  program
    .command('cancel <incident>')
    .description('stop the runbook of an open incident')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--false-alarm', 'a false alarm: the outcome shows it')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { as: by, reason, falseAlarm, output: format }: Options) => {
      const incident = await desk.temporal.find(text);
      await desk.temporal.signal(incident, 'cancel', { by, reason, falseAlarm });
      const { name } = incident;
      const standing = await standingNow(desk, incident);
      desk.show(format, outputs.cancel, { incident: name, sent: true, standing }, () => [
        line`Stopping ${name}: the action in flight is finished, and no new step begins.`,
        ...standingSection('Changes of this incident that stand', standing, desk.now()),
        ...next(name, standing),
      ]);
    });

function next(name: string, standing: StandingChange[] | null): string[] {
  if (standing?.length === 0)
    return [line`It stays resolved and absorbs its alert until that ends, then it closes. See: runbooks show ${name}`];
  return [
    ...(standing ? [''] : []),
    line`Next it asks “Undo or leave?”; until that is answered, its changes stay. To answer: runbooks show ${name}`,
    'Then it stays resolved and absorbs its alert until that ends, and closes. What is left stands at the end of: runbooks list',
  ];
}
