/** Reads PromQL with the grammar that Prometheus's own editor uses, and tells one query from another whatever its spacing. */

import type { SyntaxNodeRef, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A valid query: its text without spaces and comments, each range as `[{w}]`, and ranges and steps in milliseconds. */
export interface Query {
  shape: string;
  windows: number[];
  /** Of subqueries, which are `[{w}:{s}]`. */
  steps: number[];
}

/** In Prometheus's words, with the position it would give. */
export class PromqlError extends Error {
  override name = 'PromqlError';
}

export function readPromql(text: string): Query {
  const tree = parser.parse(text);
  const faults = nodes(tree).filter(node => node.error);
  if (faults.length > 0) throw new PromqlError(complaint(text, faults[0]?.from ?? 0));
  const unfit = unfitCall(text, tree);
  if (unfit) throw new PromqlError(unfit);
  return canonical(text, tree);
}

interface Node {
  name: string;
  parent: string | undefined;
  from: number;
  to: number;
  error: boolean;
}

function nodes(tree: Tree): Node[] {
  const found: Node[] = [];
  const enter = ({ name, from, to, type, node }: SyntaxNodeRef) => {
    found.push({ name, from, to, error: type.isError, parent: node.parent?.parent?.name });
  };
  tree.iterate({ enter });
  return found;
}

const ranged: readonly (string | undefined)[] = ['MatrixSelector', 'SubqueryExpr'];

/** Ranges and steps stand for a hole, strings keep every character, comments and spaces go. */
function canonical(text: string, tree: Tree): Query {
  const kept = nodes(tree).filter(
    ({ name, parent }) =>
      name === 'StringLiteral' || name === 'LineComment' || (name.startsWith('NumberDuration') && ranged.includes(parent)),
  );
  const windows: number[] = [];
  const steps: number[] = [];
  let shape = '';
  let read = 0;
  for (const { name, from, to } of kept) {
    shape += text.slice(read, from).replace(/\s+/g, '');
    const literal = text.slice(from, to);
    if (name === 'StringLiteral') shape += `"${literal.slice(1, -1)}"`;
    if (name.startsWith('NumberDuration')) {
      const isStep = shape.endsWith('{w}:');
      (isStep ? steps : windows).push(milliseconds(literal));
      shape += isStep ? '{s}' : '{w}';
    }
    read = to;
  }
  return { shape: shape + text.slice(read).replace(/\s+/g, ''), windows, steps };
}

const units: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `1m30s` or a bare number of seconds, as milliseconds. */
export function milliseconds(duration: string): number {
  if (/^\d+(\.\d+)?$/.test(duration)) return Number(duration) * 1_000;
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.map(([part]) => part).join('') !== duration) return Number.NaN;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? Number.NaN), 0);
}

const overRanges = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'changes', 'resets']);

/** The grammar lets `rate(up)` pass; Prometheus's type check does not. */
function unfitCall(text: string, tree: Tree): string | undefined {
  let unfit: string | undefined;
  const enter = ({ name, node, from }: SyntaxNodeRef) => {
    if (name !== 'FunctionCall' || unfit) return;
    const called = text.slice(from, node.firstChild?.to);
    const given = node.getChild('FunctionCallBody')?.firstChild;
    if (overRanges.has(called) && given?.name === 'VectorSelector') {
      unfit = `${position(text, given.from)} parse error: expected type range vector in call to function "${called}", got instant vector`;
    }
  };
  tree.iterate({ enter });
  return unfit;
}

function complaint(text: string, at: number): string {
  const say = (where: number, what: string) => `${position(text, where)} parse error: ${what}`;
  if (text.trim() === '') return say(0, 'no expression found in input');
  const called = /([A-Za-z_:][\w:]*)\s*$/.exec(text.slice(0, at));
  if (text[at] === '(' && called?.[1]) return say(called.index, `unknown function with name "${called[1]}"`);
  if (text.slice(at).trim() === '') return say(text.length, unclosed(text) ?? 'unexpected end of input');
  return say(at, `unexpected ${JSON.stringify(/^\s*(\w+|.)/.exec(text.slice(at))?.[1] ?? '')}`);
}

function unclosed(text: string): string | undefined {
  const missing = (open: string, close: string) => text.split(open).length > text.split(close).length;
  if (missing('[', ']')) return 'unclosed left bracket';
  if (missing('{', '}')) return 'unexpected end of input inside braces';
  return missing('(', ')') ? 'unclosed left parenthesis' : undefined;
}

function position(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}:`;
}
