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

Touches nothing and needs no server: the runbook runs in virtual time. What a scenario may say stands in
worker/rehearsal/scenario.schema.json; alerts that no open incident is for open further ones, of whichever runbook the
catalog names. A scenario that ends otherwise than it expects makes the exit code 1.`;

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
    .description('whole incidents in virtual time: what the runbook does, says and asks')
    .option('--scenario <file>', "instead of the runbook's own")
    .option('--until <step>', 'end there, the incident open')
    .option('--runbooks <folder>', 'with runbooks of your own, instead of RUNBOOKS_FOLDER')
    .option('--platform <file>', 'who messages reach is read there, instead of RUNBOOKS_PLATFORM')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (slug: string, { output: format, ...given }: Options) => {
      const named = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
      const args = [slug, ...named, ...(format === 'json' ? ['--json'] : [])];
      desk.exit = await runProcess(join(import.meta.dirname, '../../worker/rehearse.ts'), args, desk.environment);
    });
