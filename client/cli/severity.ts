import { Argument, InvalidArgumentError } from 'commander';
import type { Severity } from '../../workflows/contract/index.ts';
import { severities } from '../../workflows/contract/index.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks severity dynex-outage-20261124-k7fp P0 --reason 'no customer can work'

A higher severity pages its own on-call roles; a lower one pages no one. Both are in the report.`;

interface Options {
  reason: string;
  as: string;
  output: Format;
}

export const severity: Register = (program, desk) =>
  program
    .command('severity')
    .argument('<incident>')
    .addArgument(new Argument('<severity>', severities.join(', ')).argParser(severityOf))
    .description('change the severity of an incident, and so who it pages and how fast')
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, changed: Severity, { reason, as: by, output: format }: Options) => {
      const incident = await desk.temporal.find(text);
      const told = await desk.temporal.tell(incident, 'severity', { severity: changed, by, reason });
      tell(desk, format, incident, told, line`${incident.name} is ${changed} now. See: runbooks show ${incident.name}`);
    });

function severityOf(text: string): Severity {
  const found = severities.find(severity => severity === text.toUpperCase());
  if (found) return found;
  throw new InvalidArgumentError(`Choose one of ${severities.join(', ')}.`);
}
