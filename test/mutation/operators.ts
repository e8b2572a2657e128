// What a mutant changes: each operator names the small mistakes that could be made at one place of the code.
import type { AnyNode } from 'acorn';

/** One mistake: what stands between `start` and `end` becomes `text`. */
export interface Mistake {
  start: number;
  end: number;
  text: string;
  /** For people: `a < b → a <= b`. */
  change: string;
  /** A statement that is left out, not an expression that is another. */
  statement?: true;
}

type Operator = (node: AnyNode, source: string) => Mistake[];

export const mistakesAt: Operator = (node, source) => operators.flatMap(operator => operator(node, source));

const instead = (node: AnyNode, source: string, texts: string[]): Mistake[] =>
  texts.map(text => ({ start: node.start, end: node.end, text, change: `${textOf(node, source)} → ${text}` }));

const textOf = ({ start, end }: AnyNode, source: string) => source.slice(start, end);

const condition: Operator = (node, source) =>
  node.type === 'IfStatement' || node.type === 'ConditionalExpression' ? instead(node.test, source, ['true', 'false']) : [];

const predicate: Operator = (node, source) =>
  node.type === 'ArrowFunctionExpression' && isBoolean(node.body) ? instead(node.body, source, ['true', 'false']) : [];

const isBoolean = (node: AnyNode) =>
  (node.type === 'BinaryExpression' && node.operator in opposites) ||
  (node.type === 'LogicalExpression' && node.operator !== '??') ||
  (node.type === 'UnaryExpression' && node.operator === '!');

const opposites: Record<string, string[]> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
};
const arithmetic: Record<string, string[]> = { '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'] };
const logical: Record<string, string[]> = { '&&': ['||'], '||': ['&&'] };

const binary: Operator = (node, source) => {
  if (node.type !== 'BinaryExpression' && node.type !== 'LogicalExpression') return [];
  const { left, right, operator } = node;
  const others = { ...opposites, ...arithmetic, ...logical }[operator] ?? [];
  const between = source.slice(left.end, right.start);
  return instead(
    node,
    source,
    others.map(
      other => source.slice(node.start, left.end) + between.replace(operator, other) + source.slice(right.start, node.end),
    ),
  );
};

const oneSide: Operator = (node, source) =>
  node.type === 'LogicalExpression' ? instead(node, source, [textOf(node.left, source), textOf(node.right, source)]) : [];

const negation: Operator = (node, source) =>
  node.type === 'UnaryExpression' && node.operator === '!' ? instead(node, source, [textOf(node.argument, source)]) : [];

const literal: Operator = (node, source) => {
  if (node.type === 'TemplateLiteral') return instead(node, source, ['``']);
  if (node.type === 'TaggedTemplateExpression') return instead(node, source, [`${textOf(node.tag, source)}\`\``]);
  if (node.type !== 'Literal') return [];
  if (typeof node.value === 'string') return instead(node, source, [node.value === '' ? "'mutant'" : "''"]);
  if (typeof node.value === 'boolean') return instead(node, source, [String(!node.value)]);
  return typeof node.value === 'number' ? instead(node, source, [node.value === 0 ? '1' : '0']) : [];
};

const oneLess: Operator = (node, source) => {
  if (node.type === 'ArrayExpression') return withoutEach(node, node.elements, source, ['[', ']']);
  return node.type === 'ObjectExpression' ? withoutEach(node, node.properties, source, ['{', '}']) : [];
};

function withoutEach(node: AnyNode, parts: (AnyNode | null)[], source: string, [open, close]: [string, string]): Mistake[] {
  const texts = parts.map(part => (part ? textOf(part, source) : ''));
  return texts.map((text, index) => ({
    start: node.start,
    end: node.end,
    text: open + texts.toSpliced(index, 1).join(', ') + close,
    change: `without ${text}`,
  }));
}

const twins: Record<string, string> = {
  some: 'every',
  every: 'some',
  find: 'findLast',
  findLast: 'find',
  findIndex: 'findLastIndex',
  findLastIndex: 'findIndex',
  startsWith: 'endsWith',
  min: 'max',
  max: 'min',
};
const mayBeMissing = new Set(['filter', 'slice', 'sort', 'toSorted', 'trim', 'toLowerCase', 'concat', 'replace']);

const method: Operator = (node, source) => {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const { object, property } = node.callee;
  const name = textOf(property, source);
  const twin = Object.hasOwn(twins, name) ? twins[name] : undefined;
  if (twin !== undefined)
    return instead(node, source, [source.slice(node.start, property.start) + twin + source.slice(property.end, node.end)]);
  return mayBeMissing.has(name) ? instead(node, source, [textOf(object, source)]) : [];
};

const leftOut = new Set(['ExpressionStatement', 'ReturnStatement', 'ThrowStatement', 'ForOfStatement']);

const statement: Operator = (node, source) =>
  node.type !== 'BlockStatement'
    ? []
    : node.body
        .filter(({ type }) => leftOut.has(type))
        .map(({ start, end }) => ({ start, end, text: '', change: `without ${source.slice(start, end)}`, statement: true }));

const operators = [condition, predicate, binary, oneSide, negation, literal, oneLess, method, statement];
