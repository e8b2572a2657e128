/** The syntax tree of a runbook, as ESTree has it: lint brings one, and a rehearsal reads its own. */

export interface Node {
  type: string;
  [field: string]: unknown;
}

/** A node, and what it stands in, the nearest first. */
export interface Found {
  node: Node;
  within: Node[];
}

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Wherever `enters` says no, the node is found, and not what is in it. Types are no code. */
export function* nodesOf(node: Node, enters: (node: Node) => boolean = () => true, within: Node[] = []): Generator<Found> {
  yield { node, within };
  if (!enters(node)) return;
  for (const child of childrenOf(node)) yield* nodesOf(child, enters, [node, ...within]);
}

const childrenOf = (node: Node) =>
  Object.entries(node)
    .filter(([field]) => field !== 'parent')
    .flatMap(([, value]) => value)
    .filter(isNode)
    .filter(({ type }) => !isType(type));

/** `as const` and its like hold code; every other node of TypeScript is erased. */
const isType = (type: string) => type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(type);

export const isFunction = ({ type }: Node) => /Function/.test(type);

export const field = (node: Node, name: string): Node | undefined => {
  const value = node[name];
  return isNode(value) ? value : undefined;
};

/** Of an identifier; or of the property that is called, as `catch` in `told.catch(…)`. */
export function nameOf(node: Node | undefined): string | undefined {
  const named = node?.type === 'MemberExpression' && node['computed'] !== true ? field(node, 'property') : node;
  return named?.type === 'Identifier' && typeof named['name'] === 'string' ? named['name'] : undefined;
}

/** `told` of `told.catch(…)`, of `told.x.y = 1` and of `told`. */
export function rootOf(node: Node | undefined): Node | undefined {
  const inside = node && (field(node, 'object') ?? field(node, 'callee'));
  return inside ? rootOf(inside) : node;
}

/** Every name that is given in this pattern. */
export const namesIn = (pattern: Node | undefined): string[] =>
  pattern ? [...nodesOf(pattern)].flatMap(({ node }) => (node.type === 'Identifier' ? (nameOf(node) ?? []) : [])) : [];
