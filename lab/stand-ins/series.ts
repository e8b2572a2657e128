/** What the practice platform's Prometheus knows: each named query, answered from the practice world. */

import { type Job, jobsFinished, jobsInFlight, jobsStarted, podsRunning, type World } from '../world.ts';
import { waitingAt } from '../world/backlog.ts';
import { apiServes } from '../world/api.ts';
import { type State, type System, stateAt } from '../world/systems.ts';
import { callsAnswered, shareOfErrors, slowestUsual } from './api-series.ts';
import { evaluated } from './families/evaluate.ts';
import { readPromql } from './promql.ts';
import { periods, periodsThrottled } from './cpu-series.ts';
import { type Asked, firstServed, lastServed, stepsServed } from './replica-set-series.ts';
import { intervalIn, intervals, scraped, type When } from './scrapes.ts';

export interface Sample {
  metric: Record<string, string>;
  value: number;
}

/** Answers at a moment (milliseconds since 1970), looking back over a window (milliseconds). */
type Answer = (world: World, at: number, window: number) => Sample[];

const jobsCounted: Answer = (world, at, window) => {
  const finished = jobsFinished(world, at - window, at).length;
  return podsRunning(world, at).length === 0 && finished === 0 ? [] : [{ metric: {}, value: finished }];
};

/** The duration that nineteen of twenty jobs have at most, seconds. */
function slowest(jobs: readonly Job[], metric: Record<string, string>): Sample[] {
  const lasted = jobs.map(({ lasts }) => lasts).toSorted((a, b) => a - b);
  const value = lasted[Math.ceil(lasted.length * 0.95) - 1];
  return value === undefined ? [] : [{ metric, value: value / 1_000 }];
}

export const named: Record<string, Answer> = {
  'sum by (pod, solver) (increase(nqba_quantum_jobs_started_total[1s]))': (world, at, window) =>
    counted(jobsStarted(world, at - window, at), ({ pod, startedOn }) => ({ pod, solver: startedOn })),

  'sum by (pod) (nqba_quantum_jobs_in_flight)': (world, at) => {
    const inFlight = jobsInFlight(world, at);
    const jobsOf = (name: string) => inFlight.filter(({ pod }) => pod === name).length;
    return podsRunning(world, at).map(({ pod }) => ({ metric: { pod }, value: jobsOf(pod) }));
  },

  'sum by (solver, result) (increase(nqba_quantum_jobs_total[1s]))': (world, at, window) =>
    counted(jobsFinished(world, at - window, at), ({ solver, result }) => ({ solver, result })),

  'sum(increase(nqba_quantum_jobs_total{fallback="true"}[1s])) / sum(increase(nqba_quantum_jobs_total[1s]))': (
    world,
    at,
    window,
  ) => {
    const finished = jobsFinished(world, at - window, at);
    const share = finished.filter(({ fallback }) => fallback).length / finished.length;
    return podsRunning(world, at).length === 0 && finished.length === 0 ? [] : [{ metric: {}, value: share }];
  },

  'sum(increase(nqba_quantum_jobs_total[1s]))': jobsCounted,
  'sum(increase(nqba_quantum_job_duration_seconds_count[1s]))': jobsCounted,
  'sum(increase(nqba_quantum_job_duration_seconds_sum[1s])) / sum(increase(nqba_quantum_job_duration_seconds_count[1s]))': (
    world,
    at,
    window,
  ) => {
    const lasted = jobsFinished(world, at - window, at).map(({ lasts }) => lasts / 1_000);
    return lasted.length === 0 ? [] : [{ metric: {}, value: lasted.reduce((sum, one) => sum + one, 0) / lasted.length }];
  },
  'histogram_quantile(0.95, sum by (le) (rate(nqba_quantum_job_duration_seconds_bucket[1s])))': (world, at, window) =>
    slowest(jobsFinished(world, at - window, at), {}),
  'histogram_quantile(0.95, sum by (le, solver) (rate(nqba_quantum_job_duration_seconds_bucket[1s])))': (world, at, window) =>
    [...Map.groupBy(jobsFinished(world, at - window, at), ({ solver }) => solver)].flatMap(([solver, jobs]) =>
      slowest(jobs, { solver }),
    ),
  'sum by (queue) (nqba_qih_queue_depth) or sum by (queue) (celery_queue_length)': (world, at) => [
    { metric: { queue: 'default' }, value: waitingAt(world, at) },
  ],
  'sum(nqba_qih_queue_depth)': (world, at) => [{ metric: {}, value: waitingAt(world, at) }],
  'sum(delta(nqba_qih_queue_depth[1s]))': (world, at, window) => [
    { metric: {}, value: waitingAt(world, at) - waitingAt(world, at - window) },
  ],

  'sum(increase(http_requests_total{job="nqba-api"}[1s]))': callsAnswered,
  '(sum(rate(http_requests_total{job="nqba-api", status=~"5.."}[1s])) or vector(0)) / sum(rate(http_requests_total{job="nqba-api"}[1s]))':
    shareOfErrors,
  'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="nqba-api"}[1s])))': slowestUsual,
  'max(pg_up)': () => [{ metric: {}, value: 1 }],
  'vector(time())': (_, at) => [{ metric: {}, value: at / 1_000 }],

  'max(probe_success{job="blackbox-dynex"})': (world, at) => [{ metric: {}, value: probed(world, 'dynex', at) }],
  'max(probe_success{job="blackbox-login"})': (world, at) => [
    { metric: {}, value: apiServes(world.api, at) ? probed(world, 'api', at) : 0 },
  ],
  'max(probe_success{job="blackbox-api"})': (world, at) => [
    { metric: {}, value: apiServes(world.api, at) ? probed(world, 'api', at) : 0 },
  ],
};

const ofPods = 'namespace=~"nqba-platform", pod=~"x", container!=""';

const ready = 'max by (replicaset) (kube_replicaset_status_ready_replicas{namespace="nqba-platform", replicaset=~"x"})';
const wanted = 'max by (replicaset) (kube_replicaset_spec_replicas{namespace="nqba-platform", replicaset=~"x"})';

/** Of the ReplicaSets or pods that a query names. */
export const ofNames: Record<string, (world: World, at: number, asked: Asked) => Sample[]> = {
  [`sum_over_time(((${ready} == bool ${wanted}) * (${ready} > bool 0))[1s:1s])`]: stepsServed,
  [`min_over_time(timestamp((${ready} > 0) == ${wanted})[1s:1s])`]: firstServed,
  [`max_over_time(timestamp((${ready} > 0) == ${wanted})[1s:1s])`]: lastServed,
  [`sum by (pod, container) (increase(container_cpu_cfs_periods_total{${ofPods}}[1s]))`]: periods,
  [`sum by (pod, container) (increase(container_cpu_cfs_throttled_periods_total{${ofPods}}[1s]))`]: periodsThrottled,
};

/** Queries in subqueries: over a span, in steps. */
const overSpans: Record<string, (world: World, steps: number[], window: number) => Sample[]> = {
  'avg_over_time((sum(increase(nqba_quantum_jobs_total[1s])))[1s:1s])': (world, steps, window) => {
    const counts = steps.flatMap(at => jobsCounted(world, at, window)).map(({ value }) => value);
    return counts.length === 0 ? [] : [{ metric: {}, value: counts.reduce((sum, one) => sum + one, 0) / counts.length }];
  },
  'min_over_time(timestamp((sum(nqba_qih_queue_depth)) > 100)[1s:1s])': (world, steps) => {
    const first = steps.find(at => waitingAt(world, at) > 100);
    return first === undefined ? [] : [{ metric: {}, value: first / 1_000 }];
  },
};

/** Evaluated at multiples of the step. */
function stepsOf(at: number, span: number, step: number): number[] {
  const last = Math.floor(at / step) * step;
  return Array.from(
    { length: Math.max(0, Math.ceil((last - (at - span)) / step)) },
    (_, index) => last - index * step,
  ).toReversed();
}

const byShape = <A>(answers: Record<string, A>) =>
  new Map(Object.entries(answers).map(([text, answer]) => [readPromql(text).shape, answer]));
const answers = byShape(named);
const nameAnswers = byShape(ofNames);
const spanAnswers = byShape(overSpans);

/** Samples of a named query; of any other valid one, none. Throws `PromqlError`. */
export function samples(text: string, world: World, when: When): Sample[] {
  const names = new Set([...text.matchAll(chosen)].map(([, , choice = '']) => choice));
  const { shape, windows, steps } = readPromql(text.replaceAll(chosen, '$1=~"x"'));
  const [[window = 0], [step = 0], [choice = '']] = [windows, steps, [...names]];
  if (intervals.includes(shape)) return one(intervalIn(world, when, window, step));
  const overSpan = spanAnswers.get(shape);
  if (overSpan) return overSpan(world, stepsOf(when.at, windows.at(-1) ?? window, step), window);
  const span = scraped(when, window);
  const known = (at: number, window: number) => scraped({ at, every: when.every }, window);
  const evaluation = answers.has(shape) ? undefined : evaluated({ world, text, known }, when.at);
  if (evaluation) return evaluation;
  if (![[...names], windows, steps].every(areSame) || !span) return [];
  return atOneMoment(shape, world, span, { names: choice.split('|'), window, step });
}

const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ metric: {}, value }]);

function atOneMoment(shape: string, world: World, span: { at: number; window: number }, asked: Asked): Sample[] {
  const { at } = span;
  return nameAnswers.get(shape)?.(world, at, asked) ?? answers.get(shape)?.(world, at, span.window) ?? [];
}

const areSame = (all: unknown[]) => new Set(all).size <= 1;

/** ReplicaSets or pods by their names, whichever they are. */
const chosen = /\b(replicaset|pod)=~"([^"]*)"/g;

/** A probe of the health address sees neither a refused key nor a strange body: it counts any 200. */
const unreachable: readonly State[] = ['down', 'refused', 'slow'];
const probed = ({ systems }: World, system: System, at: number) => (unreachable.includes(stateAt(systems, system, at)) ? 0 : 1);

function counted<T>(jobs: readonly T[], labels: (job: T) => Record<string, string>): Sample[] {
  const series = Map.groupBy(jobs, job => JSON.stringify(labels(job)));
  return [...series.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ metric: labels(first), value: 1 + more.length }],
  );
}
