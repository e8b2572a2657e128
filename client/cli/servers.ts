import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { Register } from './desk.ts';

const examples = (command: string) => `
Examples:
  runbooks ${command}
  runbooks ${command} --platform ours.json

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
      .addHelpText('after', examples(command))
      .action(async ({ platform }: { platform?: string }) => {
        desk.exit = await ended(join(root, file), platform ? ['--platform', platform] : [], desk.environment);
      });
};

const interrupted = 130;

/** Its exit code. Signals that we get are passed on, so that it can finish what it does. */
function ended(file: string, args: string[], environment: Environment): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit', env: { ...environment } });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', code => resolve(code ?? interrupted));
  });
}
