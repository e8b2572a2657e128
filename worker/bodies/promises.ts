/** Promises of words that no one awaits: the body would end before them, and what became of them would reach no one. */

import { field, type Found, isFunction, nameOf, namesIn, type Node, nodesOf } from '../../activities/own-runbooks/syntax.ts';

/** A promise as soon as they are called; and those of which an activity is called first. */
const waiting = ['phase', 'task', 'ask', 'remedy'];
const spoken = ['step', 'check', 'watch'];

const message =
  'This promise is not awaited: await it, or put it into the Promise.all that is awaited next, else the runbook may end before it does.';

export function forgottenPromises(found: Found[]): { node: Node; message: string }[] {
  const speaking = new Set(found.flatMap(({ node }) => functionGiven(node)));
  const begins = (node: Node) => begun(node).some(inner => isPromise(inner, speaking));
  return found.filter(one => isDropped(one, begins) || isKeptTooLong(one, begins)).map(({ node }) => ({ node, message }));
}

/** Calls that run now and are not awaited. */
const begun = (node: Node) =>
  [...nodesOf(node, inner => !isFunction(inner) && inner.type !== 'AwaitExpression')].map(one => one.node);

/** The name of a function of this file in which a word is said. */
function functionGiven(node: Node): string[] {
  const body = node.type === 'VariableDeclarator' ? field(node, 'init') : node;
  const says = body && isFunction(body) && [...nodesOf(body)].some(inner => isPromise(inner.node, new Set()));
  return says ? namesIn(field(node, 'id')) : [];
}

function isPromise(node: Node, speaking: Set<string>): boolean {
  if (node.type !== 'CallExpression') return false;
  const inner = firstCall(node);
  const word = nameOf(field(inner, 'callee')) ?? '';
  return spoken.includes(word) ? inner !== node : waiting.includes(word) || speaking.has(word);
}

/** `step('…')` of `step('…').oncall.page(…)`. */
function firstCall(call: Node): Node {
  let first = call;
  for (let node: Node | undefined = call; node; node = field(node, 'object') ?? field(node, 'callee'))
    if (node.type === 'CallExpression') first = node;
  return first;
}

function isDropped({ node }: Found, begins: (node: Node) => boolean): boolean {
  const expression = node.type === 'ExpressionStatement' ? field(node, 'expression') : undefined;
  return expression !== undefined && expression.type !== 'AssignmentExpression' && begins(expression);
}

/** Whatever is awaited or returned before it leaves it alone. */
function isKeptTooLong({ node, within: [declaration, block] }: Found, begins: (node: Node) => boolean): boolean {
  const init = node.type === 'VariableDeclarator' ? field(node, 'init') : undefined;
  const statements = Array.isArray(block?.['body']) ? block['body'] : [];
  if (!init || isFunction(init) || !begins(init)) return false;
  const names = namesIn(field(node, 'id'));
  const next = statements
    .slice(statements.indexOf(declaration) + 1)
    .map(awaitedIn)
    .find(awaited => awaited.length > 0);
  return !next?.some(awaited => namesIn(awaited).some(name => names.includes(name)));
}

const awaitedIn = (statement: Node) =>
  [...nodesOf(statement, inner => !isFunction(inner))]
    .map(({ node }) => node)
    .filter(({ type }) => type === 'AwaitExpression' || type === 'ReturnStatement');
