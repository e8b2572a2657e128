import { join } from 'node:path';
import type { Format, Register } from './desk.ts';
import { output } from './desk.ts';
import { runProcess } from './processes.ts';

const examples = `
Examples:
  runbooks rehearse dynex-outage
  runbooks rehearse dynex-outage --scenario worker/rehearsal/scenarios/dynex-outage/stuck-breaker.json
  runbooks rehearse dynex-outage --scenario worker/rehearsal/scenarios/dynex-outage/again-after-days.json
  runbooks rehearse dynex-outage --until 'Activate Circuit Breaker'
  runbooks rehearse crash-looping --runbooks examples/crash-looping -o json

Changes nothing and needs no server: the runbook runs in virtual time. The fields of a scenario are described in
worker/rehearsal/scenario.schema.json. An alert without an open incident opens another one, of the runbook that the
catalog names. A scenario with another end than it expects sets the exit code to 1.`;

interface Options {
  scenario?: string;
  until?: string;
  runbooks?: string;
  platform?: string;
  output: Format;
}

export const rehearse: Register = (program, desk) =>
  program
    .command('rehearse <runbook>')
    .description('run a runbook in virtual time: its actions, messages and questions')
    .option('--scenario <file>', "instead of the runbook's own")
    .option('--until <step>', 'end there, the incident open')
    .option('--runbooks <folder>', 'with runbooks of your own, instead of RUNBOOKS_FOLDER')
    .option('--platform <file>', 'the platform description with the recipients, instead of RUNBOOKS_PLATFORM')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (slug: string, { output: format, ...given }: Options) => {
      const named = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
      const args = [slug, ...named, ...(format === 'json' ? ['--json'] : [])];
      desk.exit = await runProcess(join(import.meta.dirname, '../../worker/rehearse.ts'), args, desk.environment);
    });
