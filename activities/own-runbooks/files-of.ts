/** A runbook and what it imports from its own folder, as syntax trees. */

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { parse } from 'acorn';
import { field, isNode, type Node } from './syntax.ts';

export interface File {
  program: Node;
  /** `file:line` of a node. */
  at: (node: Node) => string;
}

export function filesOf(runbook: string): File[] {
  const folder = dirname(resolve(runbook));
  const files = new Set([resolve(runbook)]);
  const found: File[] = [];
  for (const file of files) {
    const source = stripTypeScriptTypes(readFileSync(file, 'utf8'));
    const program = programIn(source);
    for (const path of importedBy(program, file)) if (!relative(folder, path).startsWith('..')) files.add(path);
    found.push({ program, at: node => `${file}:${lineOf(node, source)}` });
  }
  return found;
}

function programIn(source: string): Node {
  const program: unknown = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  if (isNode(program)) return program;
  throw new TypeError('acorn gave no program');
}

const importedBy = ({ body }: Node, file: string) =>
  (Array.isArray(body) ? body.filter(isNode) : [])
    .map(statement => field(statement, 'source')?.['value'])
    .filter(from => typeof from === 'string')
    .filter(from => from.startsWith('.'))
    .map(from => resolve(dirname(file), from));

const lineOf = ({ start }: Node, source: string) => source.slice(0, Number(start)).split('\n').length;
