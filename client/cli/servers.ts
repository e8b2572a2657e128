import { join } from 'node:path';
import type { Register } from './desk.ts';
import { runProcess } from './processes.ts';

const examples = (command: string) => `
Examples:
  runbooks ${command}
  runbooks ${command} --platform ours.json
  runbooks ${command} --runbooks our-runbooks

Reads the variables that .env.example lists.`;

const root = join(import.meta.dirname, '../..');

/** The two long-running parts, each a process of its own. */
export const servers: Register = (program, desk) => {
  for (const [command, file, description] of [
    ['worker', 'worker/main.ts', 'run the worker: workflows and what they do'],
    ['intake', 'client/intake/main.ts', 'serve the webhooks that turn alerts into incidents'],
  ] as const)
    program
      .command(command)
      .description(description)
      .option('--platform <file>', 'instead of RUNBOOKS_PLATFORM')
      .option('--runbooks <folder>', 'with runbooks of your own, instead of RUNBOOKS_FOLDER')
      .addHelpText('after', examples(command))
      .action(async ({ platform, runbooks }: { platform?: string; runbooks?: string }) => {
        const environment = { ...desk.environment, ...(runbooks && { RUNBOOKS_FOLDER: runbooks }) };
        desk.exit = await runProcess(join(root, file), platform ? ['--platform', platform] : [], environment);
      });
};
