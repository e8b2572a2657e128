/** Blocked sources in texts that people and histories may keep: how many, and which by a digest. The addresses lie in the artifact store. */

import type { Artifacts } from '../connectors/artifacts.ts';
import { sha256 } from '../connectors/artifacts.ts';

/** One spelling, whatever the order. */
export const listed = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map(one => one.trim())
      .filter(Boolean),
  ),
];

export const joined = (sources: string[]): string => [...new Set(sources)].toSorted().join(',');

/** `3 sources (0123456789abcdef)`. @param of what carries them: without its id no one finds an address by its digest */
export function shortOf(text: string, of: string): string {
  const count = listed(text).length;
  return `${count} ${count === 1 ? 'source' : 'sources'} (${sha256(`${of} ${text}`).slice(0, 16)})`;
}

export const nameOfSources = (short: string) => `sources/${/\(([0-9a-f]{16})\)$/.exec(short)?.[1] ?? 'unknown'}`;

/** @throws SystemError */
export const keepSources = (artifacts: Artifacts, text: string, of: string) =>
  artifacts.write(nameOfSources(shortOf(text, of)), JSON.stringify({ text }));
