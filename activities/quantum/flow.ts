/** Did more jobs come in, or does each take longer? Arrivals and durations, each held against what is usual, and when the queue first grew. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { FlowFacts } from './queue-facts.ts';
import { valueOf } from '../observe/metric.ts';
import { firstOver, promql } from '../queries.ts';
import { aWeek, flowWindow, throughput, usualThroughput } from './throughput.ts';

/** When the alert began, RFC 3339: the first deviation is sought from two hours before on. */
export interface FlowInput {
  before: string;
}

/** So many times as usual is too many, or too long. */
const tooMany = 1.5;
const tooLong = 2;
/** The queue deviates from so many waiting jobs on. */
const deep = 100;
const twoHours = 7_200_000;
const aMinute = 60_000;

interface Measured {
  arrivals: number | undefined;
  completions: number | undefined;
  usual: number | undefined;
  p95: number | undefined;
  usualP95: number | undefined;
  /** Milliseconds since 1970. */
  since: number | undefined;
  slowest: string | undefined;
}

/** @throws SystemError */
export async function checkFlow(deps: Deps, input: FlowInput): Promise<Finding<FlowFacts>> {
  const [{ arrivals, completions }, usual, durations] = await Promise.all([
    throughput(deps),
    usualThroughput(deps),
    durationsNow(deps, input),
  ]);
  return judgeFlow({ arrivals, completions, usual, ...durations });
}

/** @throws SystemError */
async function durationsNow(deps: Deps, { before }: FlowInput) {
  const { prometheus } = deps.systems;
  const { queries, times } = deps.platform;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const window = await flowWindow(deps);
  const began = (Date.parse(before) || deps.now()) - twoHours * times.pace;
  const sampled = { span: Math.max(window, deps.now() - began), step: aMinute * times.pace };
  const [p95, usualP95, since, bySolver] = await Promise.all([
    valueOf(prometheus, promql(queries, 'job duration p95', { window })),
    valueOf(prometheus, promql(queries, 'job duration p95', { window: aWeek * times.pace })),
    valueOf(prometheus, firstOver(promql(queries, 'queue depth'), deep, sampled)),
    prometheus.query(promql(queries, 'job duration p95 by solver', { window })),
  ]);
  const [slowest] = bySolver.toSorted((a, b) => b.value - a.value);
  return {
    p95,
    usualP95,
    since: since === undefined ? undefined : since * 1000,
    slowest: slowest && `${slowest.labels.solver ?? 'a solver'} ${seconds(slowest.value)}`,
  };
}

export function judgeFlow(measured: Measured): Finding<FlowFacts> {
  const { arrivals, completions, usual, p95, usualP95, since, slowest } = measured;
  const more = timesOf(arrivals, usual);
  const longer = timesOf(p95, usualP95);
  const facts: Partial<FlowFacts> = {
    arrivals,
    completions,
    arrivalsTimesUsual: more,
    p95,
    p95TimesUsual: longer,
    since: since === undefined ? undefined : new Date(since).toISOString(),
  };
  const told = [
    arrivals === undefined || completions === undefined
      ? 'How many jobs come and go is not measured.'
      : `${count(arrivals)} jobs arrive and ${count(completions)} finish a minute${usual === undefined ? '' : `, ${count(usual)} are usual`}.`,
    p95 === undefined
      ? 'Their duration is not measured.'
      : `p95 ${seconds(p95)}${usualP95 === undefined ? '' : `, usual ${seconds(usualP95)}`}${slowest ? ` (slowest: ${slowest})` : ''}.`,
    ...(since === undefined ? [] : [`More than ${deep} waited first at ${new Date(since).toISOString()}.`]),
  ].join(' ');
  const faults = [
    ...(more !== undefined && more > tooMany ? [`More come in: ${count(more)} times as many as usual.`] : []),
    ...(longer !== undefined && longer > tooLong ? [`Each takes longer: ${count(longer)} times as long as usual.`] : []),
  ];
  if (faults.length > 0) return { verdict: 'faulty', evidence: [...faults, told].join(' '), facts };
  return { verdict: more === undefined || longer === undefined ? 'unknown' : 'healthy', evidence: told, facts };
}

/** Nothing where either is not known; a usual of nothing tells nothing. */
const timesOf = (now: number | undefined, usual: number | undefined) =>
  now === undefined || usual === undefined || usual <= 0 ? undefined : now / usual;

const count = (number: number) => Number(number.toPrecision(2));
const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;
