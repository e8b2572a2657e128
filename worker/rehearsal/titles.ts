/** The titles of a runbook, read from its source: a branch that a rehearsal does not take has its titles too. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const workflows = join(import.meta.dirname, '../../workflows');

const comment = /\/\*[^]*?\*\/|^\s*\/\/.*$/gm;
const spoken = /\b(?:step|check|watch|task)\(\s*(['"`])(.+?)\1/g;

export interface Titles {
  /** In the order of the source. */
  written: string[];
  /** Each that stands there twice: they would share a key, and no one could tell them apart. */
  twice: string[];
  /** True if the runbook, or the kit around it, may ever come to this title. */
  knows: (title: string) => boolean;
}

export function titlesIn(file: string): Titles {
  const source = [file, ...causesOf(file)].map(path => readFileSync(path, 'utf8').replaceAll(comment, '')).join('\n');
  const written = [...source.matchAll(spoken)].map(([, , title = '']) => title);
  const twice = [...new Set(written.filter((title, index) => written.indexOf(title) !== index))];
  const kit = globSync('kit/**/*.ts', { cwd: workflows }).map(path => readFileSync(join(workflows, path), 'utf8'));
  const everything = [source, ...kit].join('\n');
  // A detail behind a colon may be computed.
  const isQuoted = (title: string) => [title, `${title.split(':')[0]}: \${`].some(words => quoted(everything, words));
  const knows = (title: string) => isQuoted(title) || everything.includes(`.${title}(`);
  return { written, twice, knows };
}

/** A cause may be written in a file of its own, in the folder that is called as its runbook. */
const causesOf = (file: string) => globSync(`${file.replace(/\.ts$/, '')}/*.ts`).toSorted();

const quoted = (source: string, words: string) => ["'", '"', '`'].some(mark => source.includes(mark + words));
