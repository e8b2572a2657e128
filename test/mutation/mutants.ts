// Every mutant of a file, all in one text: a switch chooses which of them is alive.
import { stripTypeScriptTypes } from 'node:module';
import type { AnyNode } from 'acorn';
import { mistakesAt, type Mistake } from './operators.ts';
import { below, isFunction, linksOf, parsed } from './tree.ts';

export interface Mutant {
  id: number;
  file: string;
  line: number;
  /** The line as it is written, which finds it again when others move it. */
  code: string;
  change: string;
  /** It is alive only where it was chosen before the file was loaded. */
  atLoad: boolean;
}

/** The text of a file with its mutants in it; `globalThis.mutant` is the id of the one that is alive. */
export interface Mutated {
  text: string;
  mutants: Mutant[];
}

type Numbered = Mistake & { id: number };

/** The mutants are numbered from `first`. */
export function mutated(file: string, source: string, first = 1): Mutated {
  const plain = stripTypeScriptTypes(source);
  const tree = parsed(plain);
  const found = mistakesBelow(tree, plain, false);
  const lines = source.split('\n');
  const mutants = found.map(({ start, change, atLoad }, index): Mutant => {
    const line = source.slice(0, start).split('\n').length;
    return { id: first + index, file, line, code: lines[line - 1]?.trim() ?? '', change: oneLine(change), atLoad };
  });
  const numbered = found.map((mistake, index): Numbered => ({ ...mistake, id: first + index }));
  return { text: switched(tree, plain, Map.groupBy(numbered, place)), mutants };
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const place = ({ start, end }: { start: number; end: number }) => `${start}-${end}`;

function mistakesBelow(node: AnyNode, source: string, inFunction: boolean): (Mistake & { atLoad: boolean })[] {
  const fixed = new Set(linksOf(node).map(place));
  return [
    ...mistakesAt(node, source).map(mistake => ({ ...mistake, atLoad: !inFunction })),
    ...below(node).flatMap(child => mistakesBelow(child, source, inFunction || isFunction(node))),
  ].filter(mistake => !fixed.has(place(mistake)));
}

/** The text of a node with the switch at each place where a mistake could be; the outermost node of a place has it. */
function switched(node: AnyNode, source: string, places: Map<string, Numbered[]>): string {
  const here = places.get(place(node)) ?? [];
  places.delete(place(node));
  let text = '';
  let end = node.start;
  for (const child of below(node).filter(({ start }) => start >= node.start)) {
    if (child.start < end) continue;
    text += source.slice(end, child.start) + switched(child, source, places);
    end = child.end;
  }
  return here.reduce(withSwitch, text + source.slice(end, node.end));
}

const withSwitch = (text: string, { id, text: other, statement }: Numbered) =>
  statement ? `{ if (globalThis.mutant !== ${id}) ${text} }` : `(globalThis.mutant === ${id} ? ${other} : ${text})`;
