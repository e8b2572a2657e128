/** The command line as a shell runs it. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '../../client/cli/main.ts');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Nothing of our own environment but where programs lie; a Temporal is always named, or a practice platform that runs would be meant. */
export function start(environment: Record<string, string>, ...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TEMPORAL_ADDRESS: '127.0.0.1:1', ...environment };
  const command = ['--disable-warning=ExperimentalWarning', main, ...args];
  return spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export const runbooks =
  (environment: Record<string, string>) =>
  async (...args: string[]): Promise<Ended> => {
    const child = start(environment, ...args);
    const code = new Promise<number | null>(resolve => child.on('exit', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, stdout, stderr };
  };
