/**
 * Evaluates PromQL over the metrics that are known by family: https://prometheus.io/docs/prometheus/latest/querying/operators/.
 * Sums, extremes and means of increases, rates, deltas and gauges, arithmetic, comparisons and sets; anything else has no answer.
 */

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { World } from '../../world.ts';
import { milliseconds } from '../promql.ts';
import { aggregated } from './aggregate.ts';
import type { Sample } from './family.ts';
import { families } from './index.ts';
import { combined } from './operators.ts';

/** Something that is not evaluated here; the query has no answer then. */
class Unknown extends Error {
  override name = 'Unknown';
}

export interface Context {
  world: World;
  text: string;
  /** Moment and scrapes: what of a window is known; nothing with fewer than two scrapes. */
  known: (at: number, window: number) => { at: number; window: number } | undefined;
}

export type Value = Sample[] | number;

/** Undefined for a query that names other metrics, or asks what is not known here. */
export function evaluated(context: Context, at: number): Sample[] | undefined {
  const top = parser.parse(context.text).topNode.firstChild;
  if (!top) return undefined;
  try {
    const value = valueOf(context, top, at);
    return typeof value === 'number' ? [{ metric: {}, value }] : value;
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

const textOf = ({ text }: Context, { from, to }: SyntaxNode) => text.slice(from, to);

function childrenOf(node: SyntaxNode | null): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) all.push(child);
  return all;
}

function valueOf(context: Context, node: SyntaxNode, at: number): Value {
  const [first] = childrenOf(node);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return Number(textOf(context, node));
    case 'ParenExpr':
      return first ? valueOf(context, first, at) : [];
    case 'UnaryExpr':
      return combined('*', -1, valueOf(context, childrenOf(node).at(-1) ?? node, at));
    case 'BinaryExpr':
      return binary(context, node, at);
    case 'AggregateExpr':
      return aggregation(context, node, at);
    case 'FunctionCall':
      return call(context, node, at);
    case 'VectorSelector':
      return gauge(context, node, at);
    case 'OffsetExpr':
      return valueOf(context, first ?? node, at - offsetOf(context, node));
    default:
      throw new Unknown(node.name);
  }
}

const offsetOf = (context: Context, node: SyntaxNode) => milliseconds(textOf(context, childrenOf(node).at(-1) ?? node));

function binary(context: Context, node: SyntaxNode, at: number): Value {
  const [left, operator, ...rest] = childrenOf(node);
  const right = rest.at(-1);
  if (!left || !operator || !right) throw new Unknown(node.name);
  const matching = rest.find(({ name }) => name === 'MatchingModifierClause');
  return combined(textOf(context, operator), valueOf(context, left, at), valueOf(context, right, at), {
    isBool: rest.some(({ name }) => name === 'BoolModifier'),
    on: matching && /^on\b/.test(textOf(context, matching)) ? labelsOf(context, matching) : undefined,
    ignoring: matching && /^ignoring\b/.test(textOf(context, matching)) ? labelsOf(context, matching) : undefined,
  });
}

const labelsOf = (context: Context, clause: SyntaxNode) =>
  childrenOf(clause.getChild('GroupingLabels')).map(label => textOf(context, label));

function aggregation(context: Context, node: SyntaxNode, at: number): Sample[] {
  const operation = textOf(context, node.getChild('AggregateOp') ?? node);
  const modifier = node.getChild('AggregateModifier');
  const given = childrenOf(node.getChild('FunctionCallBody')).map(one => valueOf(context, one, at));
  const samples = given.at(-1) ?? [];
  const parameter = given.length > 1 ? given[0] : undefined;
  if (typeof samples === 'number' || Array.isArray(parameter)) throw new Unknown(node.name);
  const labels = modifier ? labelsOf(context, modifier) : [];
  const isWithout = modifier !== null && textOf(context, modifier).startsWith('without');
  return aggregated(operation, samples, { labels, isWithout, parameter });
}

const counters = new Set(['increase', 'rate', 'irate']);

function call(context: Context, node: SyntaxNode, at: number): Value {
  const name = textOf(context, node.getChild('FunctionIdentifier') ?? node);
  const given = childrenOf(node.getChild('FunctionCallBody'));
  const last = given.at(-1);
  if (name === 'time') return at / 1_000;
  if (!last) throw new Unknown(name);
  if (counters.has(name) || name === 'delta') return grown(context, name, last, at);
  if (name.endsWith('_over_time')) return overTime(context, name.replace('_over_time', ''), given, at);
  const value = valueOf(context, last, at);
  return converted(name, value);
}

function converted(name: string, value: Value): Value {
  if (name === 'vector' && typeof value === 'number') return [{ metric: {}, value }];
  if (!Array.isArray(value)) throw new Unknown(name);
  if (name === 'scalar') return value.length === 1 ? (value[0]?.value ?? Number.NaN) : Number.NaN;
  if (name === 'abs') return value.map(sample => ({ metric: sample.metric, value: Math.abs(sample.value) }));
  throw new Unknown(name);
}

/** A range of a metric, moved back where the query says so. */
function rangeOf(context: Context, node: SyntaxNode, at: number) {
  const isMoved = node.name === 'OffsetExpr';
  const range = isMoved ? childrenOf(node)[0] : node;
  const [selector, duration] = childrenOf(range ?? null);
  if (range?.name !== 'MatrixSelector' || !selector || !duration) throw new Unknown(node.name);
  return { selector, window: milliseconds(textOf(context, duration)), at: isMoved ? at - offsetOf(context, node) : at };
}

function grown(context: Context, name: string, node: SyntaxNode, moment: number): Sample[] {
  const { selector, window, at } = rangeOf(context, node, moment);
  const { family, isWanted } = selected(context, selector);
  const span = context.known(at, window);
  if (!span) return [];
  if ('is' in family) {
    if (name !== 'delta') throw new Unknown(name);
    return combinedGauges(family.is(context.world, span.at), family.is(context.world, span.at - span.window)).filter(isWanted);
  }
  const grew = family.grew(context.world, span.at - span.window, span.at).filter(isWanted);
  return name === 'increase' ? grew : grew.map(({ metric, value }) => ({ metric, value: value / (span.window / 1_000) }));
}

const combinedGauges = (now: Sample[], then: Sample[]): Sample[] => {
  const before = new Map(then.map(({ metric, value }) => [JSON.stringify(metric), value]));
  return now.map(({ metric, value }) => ({ metric, value: value - (before.get(JSON.stringify(metric)) ?? value) }));
};

function gauge(context: Context, node: SyntaxNode, at: number): Sample[] {
  const { family, isWanted } = selected(context, node);
  const samples = 'is' in family ? family.is(context.world, at) : family.grew(context.world, at - 86_400_000, at);
  return samples.filter(isWanted);
}

function selected(context: Context, node: SyntaxNode) {
  const family = families[textOf(context, node.getChild('Identifier') ?? node)];
  if (!family) throw new Unknown(node.name);
  const matchers = childrenOf(node.getChild('LabelMatchers')).map(matcher => matcherOf(textOf(context, matcher)));
  return { family, isWanted: ({ metric }: Sample) => matchers.every(fits => fits(metric)) };
}

function matcherOf(text: string): (metric: Record<string, string>) => boolean {
  const [, label = '', operator = '', quoted = ''] = /^\s*(\w+)\s*(=~|!~|!=|=)\s*["'](.*)["']\s*$/.exec(text) ?? [];
  const pattern = new RegExp(`^(?:${operator.includes('~') ? quoted.replaceAll('\\\\', '\\') : ''})$`);
  return metric => {
    const value = metric[label] ?? '';
    const fits = operator.includes('~') ? pattern.test(value) : value === quoted;
    return operator.startsWith('!') ? !fits : fits;
  };
}

/** A subquery in its steps, or a gauge once a minute. */
function overTime(context: Context, operation: string, given: SyntaxNode[], at: number): Sample[] {
  const node = given.at(-1);
  const [inner, ...durations] = childrenOf(node ?? null);
  const known = ['MatrixSelector', 'SubqueryExpr'].includes(node?.name ?? '');
  if (!inner || !known) throw new Unknown(operation);
  const [span = 0, step = Math.max(1, span / 15)] = durations.map(duration => milliseconds(textOf(context, duration)));
  const last = Math.floor(at / step) * step;
  const samples: Sample[] = [];
  for (let moment = last; moment > at - span; moment -= step) {
    const value = valueOf(context, inner, moment);
    samples.push(...(typeof value === 'number' ? [{ metric: {}, value }] : value));
  }
  const labels = [...new Set(samples.flatMap(({ metric }) => Object.keys(metric)))];
  const parameter = given.length > 1 && given[0] ? Number(textOf(context, given[0])) : undefined;
  return aggregated(operation, samples, { labels, isWithout: false, parameter });
}
