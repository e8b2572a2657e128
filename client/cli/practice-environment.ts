/** Where no Temporal is named, the practice platform of this clone is meant, if it runs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import { value } from '../environment.ts';

export const practiceFile = join(import.meta.dirname, '../../.practice/env');

const names = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

export interface Surroundings {
  environment: Environment;
  /** True if it is the practice platform's. */
  practice: boolean;
  /** The kubeconfig that was set beside it, and is not used. */
  unused?: string | undefined;
}

/** The variables as they are, or those of the practice platform: then nothing of another platform is mixed in. */
export function surroundings(given: Environment, file = practiceFile): Surroundings {
  if (names.some(name => value(given, name))) return { environment: given, practice: false };
  const practice = read(file);
  if (!practice || !isRunning(practice['TEMPORAL_PID'])) return { environment: given, practice: false };
  const others = Object.entries(given).filter(([name]) => !name.startsWith('TEMPORAL_') && !name.endsWith('_FILE'));
  const kubeconfig = value(given, 'KUBECONFIG');
  const unused = kubeconfig === practice['KUBECONFIG'] ? undefined : kubeconfig;
  return { environment: { ...Object.fromEntries(others), ...practice }, practice: true, unused };
}

function read(file: string): Record<string, string> | undefined {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Lines as a shell reads them: `export NAME='value'`, an apostrophe written as `'\''`. */
function parse(text: string): Record<string, string> {
  const lines = [...text.matchAll(/^export ([A-Z_]+)='(.*)'$/gm)];
  return Object.fromEntries(lines.map(([, name = '', quoted = '']) => [name, quoted.replaceAll(String.raw`'\''`, "'")]));
}

function isRunning(pid: string | undefined): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
