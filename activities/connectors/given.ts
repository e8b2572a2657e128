/** The environment as systems read it: secrets may lie in files. */

import { readFileSync } from 'node:fs';
import type { Given } from './description.ts';
import { secretVariables } from './index.ts';

type Environment = Record<string, string | undefined>;

/** A configuration that cannot work; its message names each variable and what to do. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
}

/** @param named the variables that roles and people name for a way to page them. @throws ConfigError */
export function givenBy(present: Environment, named: Record<string, string[]>): Given {
  return {
    variables: withFiles(present, secretNames({ named })),
    secrets: variable => present[variable] ?? contentIn(present[`${variable}_FILE`]),
    named,
  };
}

/** Of all systems, and those that roles and people name. */
export const secretNames = ({ named }: Pick<Given, 'named'>) => [
  ...new Set([...secretVariables(), ...Object.values(named).flat()]),
];

/** Each secret may also lie in a file, `<NAME>_FILE`. */
function withFiles(given: Environment, secrets: string[]): Environment {
  const inFiles = secrets.flatMap(name => {
    const path = given[`${name}_FILE`];
    return path ? [[name, contentOf(name, path, given)] as const] : [];
  });
  return { ...given, ...Object.fromEntries(inFiles) };
}

function contentOf(name: string, path: string, given: Environment): string {
  if (given[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: unset one of them`);
  const content = textOf(path)?.trim();
  if (content) return content;
  throw new ConfigError(`${name}_FILE names ${path}, which ${content === undefined ? 'cannot be read' : 'is empty'}`);
}

/** Looked up whenever it is needed: the file may have changed. */
const contentIn = (path: string | undefined) => (path && textOf(path)?.trim()) || undefined;

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
