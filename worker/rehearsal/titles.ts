/** The titles of a runbook, read from its source: a branch that a rehearsal does not take has its titles too. */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
  const source = [file, ...causesOf(file)].map(sourceOf).join('\n');
  const shared = importsOf(file).map(sourceOf).join('\n');
  const written = spokenIn(source);
  const twice = [...new Set(written.filter((title, index) => written.indexOf(title) !== index))];
  const kit = globSync('kit/**/*.ts', { cwd: workflows }).map(path => readFileSync(join(workflows, path), 'utf8'));
  const everything = [source, shared, ...kit].join('\n');
  const computed = [source, shared]
    .flatMap(spokenIn)
    .filter(title => title.includes('${'))
    .map(anyDetail);
  const isWritten = (title: string) => quoted(everything, title) || computed.some(one => one.test(title));
  // The kit puts a detail behind a colon.
  const isQuoted = (title: string) => isWritten(title) || quoted(everything, `${title.split(':')[0]}: \${`);
  const knows = (title: string) => isQuoted(title) || everything.includes(`.${title}(`);
  return { written, twice, knows };
}

const sourceOf = (file: string) => readFileSync(file, 'utf8').replaceAll(comment, '');
const spokenIn = (source: string) => [...source.matchAll(spoken)].map(([, , title = '']) => title);

/** Whatever stands there for `${…}`. */
const anyDetail = (title: string) =>
  new RegExp(
    `^${title
      .split(/\$\{.*?\}/)
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')}$`,
  );

/** A cause may be written in a file of its own, in the folder that is called as its runbook. */
const causesOf = (file: string) => globSync(`${file.replace(/\.ts$/, '')}/*.ts`).toSorted();

/** A part may be shared with another runbook, in whose folder it lies. */
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/ from '(\.\/.+\.ts)'/g)].map(([, path = '']) => join(dirname(file), path));

const quoted = (source: string, words: string) => ["'", '"', '`'].some(mark => source.includes(mark + words));
