/** Code that no body of a runbook may hold. A body branches only on what its words return, else it would not go on as it began. */

import {
  field,
  type Found,
  isFunction,
  nameOf,
  namesIn,
  type Node,
  nodesOf,
  rootOf,
} from '../../activities/own-runbooks/syntax.ts';
import { forgottenPromises } from './promises.ts';

export interface Fault {
  node: Node;
  /** The fault, and the fix. */
  message: string;
}

const clock = "reads this machine's clock: take the time from the facts of a check.";
const chance = 'is chance: let a check choose, and take the choice from its facts.';
const wait = 'waits by itself: let a watch wait, or ask people with a time `by`.';
const world = 'touches the world: an activity does that, called by step or check.';
const first = 'hides what a word returned: await Promise.all, and branch on each finding.';
const caught =
  'catches an outcome: a step that fails is put before people and a check that fails reads unknown, so branch on what the word returns.';
const shared = 'is shared by every open incident and forgotten by the next run: keep it inside the body.';

/** Names that a body may not use, unless it has given them itself. */
const globals: Record<string, string> = {
  ...Object.fromEntries(['Date', 'performance', 'Temporal'].map(name => [name, clock])),
  crypto: chance,
  ...Object.fromEntries(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map(name => [name, wait])),
  ...Object.fromEntries(['fetch', 'process', 'globalThis'].map(name => [name, world])),
};
const members: Record<string, string> = {
  'Math.random': chance,
  'Promise.race': first,
  'Promise.any': first,
  'Promise.allSettled': first,
};
const mutating = 'add clear copyWithin delete fill pop push reverse set shift sort splice unshift'.split(' ');

/** In the order of the source. */
export function faultsIn(program: Node): Fault[] {
  const found = [...nodesOf(program)];
  const given = new Set(found.flatMap(namesGiven));
  const kept = namesKept(program);
  return [
    ...found.flatMap(one => [...globalUsed(one, given), ...memberUsed(one), ...outcomeCaught(one), ...sdkUsed(one)]),
    ...stateKept(program),
    ...found.flatMap(one => stateChanged(one, kept)),
    ...forgottenPromises(found),
  ].toSorted((one, other) => Number(one.node['start']) - Number(other.node['start']));
}

const fault = (node: Node, what: string, instead: string): Fault[] => [{ node, message: `${what} ${instead}` }];

function namesGiven({ node }: Found): string[] {
  const params = isFunction(node) && Array.isArray(node['params']) ? node['params'].flatMap(namesIn) : [];
  return [...params, ...namesIn(node.type === 'VariableDeclarator' ? field(node, 'id') : field(node, 'local'))];
}

function globalUsed({ node, within: [parent] }: Found, given: Set<string>): Fault[] {
  const name = node.type === 'Identifier' ? nameOf(node) : undefined;
  const isKey = parent && (parent['property'] === node || parent['key'] === node) && parent['computed'] !== true;
  const instead = name === undefined || isKey || given.has(name) ? undefined : globals[name];
  return instead ? fault(node, `${name}`, instead) : [];
}

function memberUsed({ node }: Found): Fault[] {
  const member = node.type === 'MemberExpression' ? `${nameOf(field(node, 'object'))}.${nameOf(node)}` : '';
  return members[member] ? fault(node, member, members[member]) : [];
}

function outcomeCaught({ node }: Found): Fault[] {
  if (node.type === 'TryStatement') return fault(node, 'try', caught);
  const method =
    node.type === 'CallExpression' && field(node, 'callee')?.type === 'MemberExpression' && nameOf(field(node, 'callee'));
  const catches = method === 'catch' || method === 'finally' || (method === 'then' && lengthOf(node['arguments']) > 1);
  return catches ? fault(node, `.${method}(`, caught) : [];
}

const lengthOf = (list: unknown) => (Array.isArray(list) ? list.length : 0);

function sdkUsed({ node }: Found): Fault[] {
  const from = node.type === 'ImportDeclaration' ? field(node, 'source')?.['value'] : undefined;
  if (typeof from !== 'string' || node['importKind'] === 'type' || !/^(@temporalio\/|node:)/.test(from)) return [];
  return fault(node, from, 'goes around the words: a runbook imports the kit, and files of its own.');
}

const declarationsAt = (program: Node) =>
  [...nodesOf(program, node => /^(Program|Export)/.test(node.type))].map(({ node }) => node).filter(isVariables);
const isVariables = ({ type }: Node) => type === 'VariableDeclaration';

const namesKept = (program: Node) =>
  new Set(declarationsAt(program).flatMap(node => [...nodesOf(node, inner => !isFunction(inner))].flatMap(namesGiven)));

const stateKept = (program: Node) =>
  declarationsAt(program)
    .filter(({ kind }) => kind !== 'const')
    .flatMap(node => fault(node, 'What varies beside the body', shared));

function stateChanged({ node }: Found, kept: Set<string>): Fault[] {
  const name = nameOf(rootOf(changedBy(node)));
  return name !== undefined && kept.has(name) ? fault(node, `What changes ${name}`, shared) : [];
}

function changedBy(node: Node): Node | undefined {
  const callee = field(node, 'callee');
  if (callee?.type === 'MemberExpression') return mutating.includes(nameOf(callee) ?? '') ? callee : undefined;
  if (node.type === 'AssignmentExpression') return field(node, 'left');
  const isChange = node.type === 'UpdateExpression' || node['operator'] === 'delete';
  return isChange ? field(node, 'argument') : undefined;
}
