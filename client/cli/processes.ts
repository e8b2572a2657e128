/** Commands that are processes of their own. */

import { spawn } from 'node:child_process';
import type { Environment } from '../environment.ts';

const interrupted = 130;
/** Reading TypeScript is an experiment of Node's, of which no one needs to hear. */
export const quietly = '--disable-warning=ExperimentalWarning';

/** Its exit code. Signals that we get are passed on, so that it can finish what it does. */
export function runProcess(file: string, args: string[], environment: Environment): Promise<number> {
  const child = spawn(process.execPath, [quietly, file, ...args], { stdio: 'inherit', env: { ...environment } });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', code => resolve(code ?? interrupted));
  });
}
