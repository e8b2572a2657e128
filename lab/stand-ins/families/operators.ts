/** Arithmetic, comparisons and sets between two values: https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operators */

import type { Sample } from './family.ts';

type Value = Sample[] | number;

export interface Matching {
  isBool?: boolean | undefined;
  on?: string[] | undefined;
  ignoring?: string[] | undefined;
}

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** The labels that two series have to share. */
const matched =
  ({ on, ignoring = [] }: Matching) =>
  ({ metric }: Sample) =>
    JSON.stringify(
      Object.entries(metric)
        .filter(([label]) => (on ? on.includes(label) : !ignoring.includes(label)))
        .toSorted(([a], [b]) => a.localeCompare(b)),
    );

function oneResult(operator: string, a: number, b: number, isBool = false): number | undefined {
  const compare = comparisons[operator];
  if (!compare) return arithmetic[operator]?.(a, b);
  if (isBool) return compare(a, b) ? 1 : 0;
  return compare(a, b) ? a : undefined;
}

export function combined(operator: string, left: Value, right: Value, matching: Matching = {}): Value {
  const { isBool } = matching;
  if (typeof left === 'number') {
    if (typeof right === 'number') return oneResult(operator, left, right, true) ?? Number.NaN;
    return right.flatMap(({ metric, value }) => sampleOf(metric, oneResult(operator, left, value, isBool)));
  }
  if (typeof right === 'number')
    return left.flatMap(({ metric, value }) => sampleOf(metric, oneResult(operator, value, right, isBool)));
  return sets(operator, left, right, matching) ?? between(operator, left, right, matching);
}

const sampleOf = (metric: Record<string, string>, value: number | undefined): Sample[] =>
  value === undefined ? [] : [{ metric, value }];

function sets(operator: string, left: Sample[], right: Sample[], matching: Matching): Sample[] | undefined {
  const key = matched(matching);
  const has = (all: Sample[]) => {
    const keys = new Set(all.map(key));
    return (sample: Sample) => keys.has(key(sample));
  };
  const [inLeft, inRight] = [has(left), has(right)];
  if (operator === 'or') return [...left, ...right.filter(sample => !inLeft(sample))];
  if (operator === 'and') return left.filter(inRight);
  return operator === 'unless' ? left.filter(sample => !inRight(sample)) : undefined;
}

function between(operator: string, left: Sample[], right: Sample[], matching: Matching): Sample[] {
  const key = matched(matching);
  const others = new Map(right.map(sample => [key(sample), sample.value]));
  return left.flatMap(({ metric, value }) => {
    const other = others.get(key({ metric, value }));
    return other === undefined ? [] : sampleOf(metric, oneResult(operator, value, other, matching.isBool));
  });
}
