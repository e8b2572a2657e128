// The parts of a parsed file in which something may be changed.
import { type AnyNode, parse } from 'acorn';

/** The tree of a file of plain JavaScript. */
export const parsed = (source: string): AnyNode => parse(source, { ecmaVersion: 2025, sourceType: 'module' });

/** Names of what is below a node but is no expression: `key` of a property, `source` of an import. */
const nameless = new Set(['key', 'source']);

/** What is directly below a node, in the order of the text. */
export function below(node: AnyNode): AnyNode[] {
  if (node.type === 'TaggedTemplateExpression') return node.quasi.expressions;
  return Object.entries(node)
    .filter(([name]) => !nameless.has(name))
    .flatMap(([, value]): unknown => value)
    .filter(isNode)
    .toSorted((one, other) => one.start - other.start);
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;

export const isFunction = ({ type }: AnyNode) =>
  type === 'ArrowFunctionExpression' || type === 'FunctionExpression' || type === 'FunctionDeclaration';

/** Links of `a?.b.c` that cannot be put into brackets, because what follows is skipped with them. */
export function linksOf(node: AnyNode): AnyNode[] {
  if (node.type !== 'ChainExpression') return [];
  const links: AnyNode[] = [];
  for (let link = inner(node.expression); link; link = inner(link)) links.push(link);
  const last = links.findLastIndex(link => 'optional' in link && link.optional);
  return links.slice(0, last + 1);
}

function inner(node: AnyNode): AnyNode | undefined {
  if (node.type === 'MemberExpression') return node.object;
  return node.type === 'CallExpression' ? node.callee : undefined;
}
