// One practice platform a folder: a second start while the first runs would take its servers from it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';

/** Claims the folder until the process ends. @throws LabError when a living start has it */
export function claim(dir: string) {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'main.pid');
  const owner = Number(readIfAny(file));
  if (owner > 0 && owner !== process.pid && isAlive(owner))
    throw new LabError(
      `A practice platform runs already in ${dir} (process ${owner}): use it (source ${join(dir, 'env')}), or stop it with Ctrl-C there.`,
    );
  writeFileSync(file, String(process.pid));
  process.on('exit', () => rmSync(file, { force: true }));
}

function readIfAny(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
