/** Commands that are processes of their own. */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Environment } from '../environment.ts';
import { Failed } from '../errors.ts';

const interrupted = 130;
/** Reading TypeScript is an experiment of Node's, of which no one needs to hear. */
const quietly = '--disable-warning=ExperimentalWarning';

/** Its exit code. Signals that we get are passed on, so that it can finish what it does. */
export function runProcess(file: string, args: string[], environment: Environment): Promise<number> {
  const child = spawn(process.execPath, [quietly, file, ...args], { stdio: 'inherit', env: { ...environment } });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', code => resolve(code ?? interrupted));
  });
}

interface Asked {
  file: string;
  flags: Record<string, string | undefined>;
  /** Values of a flag that may be given several times, and the like. */
  more?: string[];
  input?: string;
  environment: Environment;
}

/** The output of a process that has the worker's connections; its complaints go where ours go. @throws Failed in these words */
export async function printedBy({ file, flags, more = [], input = '', environment }: Asked, failed: string): Promise<string> {
  const given = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const child = spawn(process.execPath, [quietly, file, ...given, ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...environment },
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  child.stdin.end(input);
  const printed = await text(child.stdout);
  if ((await ended) !== 0) throw new Failed(failed);
  return printed;
}
