// A runbook, its activity calls, and the test files that rehearse it in virtual time.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writtenLines } from '../../client/coverage.ts';
import { runbooks } from '../../workflows/catalog/index.ts';
import { type Call, switched } from './calls.ts';
import { root } from './subjects.ts';

export interface Rehearsed {
  slug: string;
  /** Its own files, each with a switch at every call. */
  texts: Record<string, string>;
  calls: Call[];
  tests: string[];
  /** Patterns of full names: tests that prove nothing of a call. */
  skipped: string[];
}

const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const found = (pattern: string) => globSync(pattern, { cwd: root.pathname }).sort();

export const slugs = runbooks.flatMap(({ slug, workflow }) => (workflow === undefined ? [] : [slug]));

/** Of a slug that the catalog has. */
export function rehearsed(slug: string): Rehearsed {
  const { workflow = '' } = runbooks.find(one => one.slug === slug) ?? {};
  const named = new RegExp(`\\b(${slug}|${workflow})\\b`);
  const files = found(`workflows/runbooks/{${slug}.ts,${slug}/*.ts}`);
  const parts: ({ file: string } & ReturnType<typeof switched>)[] = [];
  for (const file of files) {
    const firstId = parts.flatMap(({ calls }) => calls).length + 1;
    parts.push({ file, ...switched(file, textOf(file), firstId) });
  }
  const tests = found('test/workflows/runbooks/*.test.ts');
  return {
    slug,
    texts: Object.fromEntries(parts.map(({ file, text }) => [file, text])),
    calls: parts.flatMap(({ calls }) => calls),
    tests: tests.filter(file => basename(file).startsWith(slug) || named.test(textOf(file))),
    skipped: skipped(slug),
  };
}

/** Scenarios of other runbooks, and the list that every title is come to, which misses each. */
const skipped = (slug: string): string[] => [`^shipped scenarios of (?!${slug}( |$))`, 'come to every step that is mapped$'];

/** Lines of the written document that a call belongs to. */
export function idsOf(slug: string, { title }: Pick<Call, 'title'>): string[] {
  const lines = writtenLines().filter(({ runbook, places }) => runbook === slug && places.includes(title));
  return lines.map(({ id }) => id);
}
