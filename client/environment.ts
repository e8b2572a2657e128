/** The variables that intake and the command line read. Secrets may also lie in a file: `<NAME>_FILE`. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Usage } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as absent. */
export const value = (environment: Environment, name: string) => environment[name]?.trim() || undefined;

export function needed(environment: Environment, name: string, what: string): string {
  const found = value(environment, name);
  if (!found) throw new Usage(`${name} is not set: ${what}.`);
  return found;
}

/** Without the variables that are not set. */
export const present = (environment: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** The variable, or the content of the file that `<NAME>_FILE` names. */
export function secret(environment: Environment, name: string): string | undefined {
  const file = value(environment, `${name}_FILE`);
  if (!file) return value(environment, name);
  if (value(environment, name)) throw new Usage(`${name} and ${name}_FILE are both set: unset one of them.`);
  return contentOf(file, `${name}_FILE`) || undefined;
}

function contentOf(file: string, variable: string) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Usage(`${variable} names ${file}, which cannot be read.`);
  }
}

export const taskQueue = (environment: Environment) => value(environment, 'RUNBOOKS_TASK_QUEUE') ?? 'nqba-runbooks';
export const platformFile = (environment: Environment) => value(environment, 'RUNBOOKS_PLATFORM') ?? 'platform.json';
/** Beside the platform's description, unless it is named. */
export const rolesFile = (environment: Environment) =>
  value(environment, 'RUNBOOKS_ROLES') ?? join(dirname(platformFile(environment)), 'roles.json');
export const artifactsFolder = (environment: Environment) => value(environment, 'ARTIFACTS') ?? 'artifacts';

/** Follow-ups become tickets where a repository is named; the worker has the token. */
export const wantsTickets = (environment: Environment) => value(environment, 'TICKETS_REPOSITORY') !== undefined;

/** `PAGING`: where Alertmanager pages the first level, our ladder begins at the second. */
export function ladderBegins(environment: Environment): 0 | 1 {
  const paging = value(environment, 'PAGING') ?? 'ours';
  if (paging === 'ours') return 0;
  if (paging === 'alertmanager') return 1;
  throw new Usage(`PAGING is ${JSON.stringify(paging)}: set it to ours or alertmanager.`);
}
