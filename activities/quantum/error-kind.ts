/** The kind of a job's error, by its words. Pure. */

import type { ErrorKind } from '../facts.ts';

/** A module or a method is not there. */
export const codeFault = /ModuleNotFound|ImportError|AttributeError|No module named|has no attribute/;

const kinds: [ErrorKind, RegExp][] = [
  ['code', codeFault],
  ['timeout', /time[d -]?\s?out|deadline/i],
  ['memory', /MemoryError|OOM|out of memory/i],
  ['limit', /\b429\b|rate limit|too many|quota|concurren/i],
];

export const kindOf = (error: string): ErrorKind => kinds.find(([, pattern]) => pattern.test(error))?.[0] ?? 'other';

/** Those of a lack of resources, and not of the job or the solver. */
export const ofResources: readonly ErrorKind[] = ['timeout', 'memory', 'limit'];

/** `SolverError` of `SolverError: no solution`; else the first words. */
export function classOf(error: string): string {
  const named = /^([A-Z]\w*(?:Error|Exception)|[A-Z]\w+)(?=:|$)/.exec(error)?.[1];
  return named ?? error.replace(/\d+/g, 'n').slice(0, 40);
}
