import { InvalidArgumentError } from 'commander';
import { reported } from '../reported.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { tell } from './telling.ts';
import { Usage } from '../errors.ts';
import { line } from './text.ts';
import { asWritten } from './typed.ts';

const examples = `
Examples:
  runbooks extend dynex-outage-20261124-k7fp Investigation --minutes 15 --reason 'the vendor is on the line'
  runbooks extend dynex-outage Investigation --until 2026-11-24T04:00:00Z --reason 'they promised an answer by then'

Minutes count from the phase's limit, or from now if the limit has passed. Only a running phase with a limit can be extended.`;

interface Options {
  minutes?: number;
  until?: string;
  reason: string;
  as: string;
  output: Format;
}

export const extend: Register = (program, desk) =>
  program
    .command('extend <incident> <phase>')
    .description('give a phase more time; the reason is in the report')
    .option('--minutes <count>', 'minutes to add', minutesOf)
    .option('--until <time>', 'until then, RFC 3339')
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, typed: string, { minutes, until, reason, as: by, output: format }: Options) => {
      if ((minutes === undefined) === (until === undefined)) throw new Usage('Give either --minutes or --until.');
      const incident = await desk.temporal.find(text);
      const { report } = await reported(desk.temporal, incident);
      const phase = asWritten(typed, [...new Set(report?.phases.map(({ title }) => title))]);
      const told = await desk.temporal.tell(incident, 'extend', { phase, by, reason, minutes, until });
      tell(desk, format, incident, told, line`${phase} has more time. See: runbooks show ${incident.name}`);
    });

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (minutes > 0) return minutes;
  throw new InvalidArgumentError('Give a number of minutes.');
}
