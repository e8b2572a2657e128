/** The questions we ask Prometheus, by name. Windows are milliseconds and become whole seconds. */

const window = (ms: number) => `${Math.max(1, Math.ceil(ms / 1000))}s`;

export const jobsStarted = (ms: number) => `sum by (pod, solver) (increase(nqba_quantum_jobs_started_total[${window(ms)}]))`;

/** Samples of a counter in the window, of the series that has most of them. */
export const mostScrapes = (counter: string, ms: number) => `max(count_over_time(${counter}[${window(ms)}]))`;

export const jobsInFlight = 'sum by (pod) (nqba_quantum_jobs_in_flight)';

export const jobResults = (ms: number) => `sum by (solver, result) (increase(nqba_quantum_jobs_total[${window(ms)}]))`;

export const outsideProbe = {
  dynex: 'max(probe_success{job="blackbox-dynex"})',
  api: 'max(probe_success{job="blackbox-api"})',
};

/** ReplicaSets by name, looked back at in steps, milliseconds. */
export interface SetsAsked {
  namespace: string;
  names: string[];
  window: number;
  step: number;
}

/** Of each ReplicaSet: steps at which all pods that it wanted were ready, and the first and the last of these, in seconds since 1970. */
export function servedBySets({ namespace, names, ...span }: SetsAsked) {
  const of = (metric: string) =>
    `max by (replicaset) (kube_replicaset_${metric}{namespace="${namespace}", replicaset=~"${names.join('|')}"})`;
  const [ready, wanted] = [of('status_ready_replicas'), of('spec_replicas')];
  const range = `[${window(span.window)}:${window(span.step)}]`;
  return {
    /** Zero where it never served; nothing where there is no sample. */
    steps: `sum_over_time(((${ready} == bool ${wanted}) * (${ready} > bool 0))${range})`,
    first: `min_over_time(timestamp((${ready} > 0) == ${wanted})${range})`,
    last: `max_over_time(timestamp((${ready} > 0) == ${wanted})${range})`,
  };
}

export interface NamedQuery {
  /** Over this window, milliseconds; the API's Prometheus job has the name of its workload. */
  query: (ms: number, job: string) => string;
  /** As people read the number. */
  shown: (value: number) => string;
  /** Says nothing where there were too few calls. */
  ofCalls: boolean;
}

/** Of the API as a whole, over all its pods. */
export const apiCalls = (ms: number, job: string) => `sum(increase(http_requests_total{job="${job}"}[${window(ms)}]))`;
/** How many more jobs wait than at the beginning of the window. */
export const queueGrowth = (ms: number) => `sum(delta(nqba_qih_queue_depth[${window(ms)}]))`;

const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;
const percent = (value: number) => `${Number((value * 100).toPrecision(3))}%`;
const whole = (value: number) => String(Math.round(value));

export const metrics = {
  'api latency p95': {
    query: (ms, job) =>
      `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="${job}"}[${window(ms)}])))`,
    shown: seconds,
    ofCalls: true,
  },
  /** Without any error there is no series of errors: that is none, as long as there are calls. */
  'api errors': {
    query: (ms, job) =>
      `(sum(rate(http_requests_total{job="${job}", status=~"5.."}[${window(ms)}])) or vector(0)) / sum(rate(http_requests_total{job="${job}"}[${window(ms)}]))`,
    shown: percent,
    ofCalls: true,
  },
  'api calls': { query: apiCalls, shown: whole, ofCalls: false },
  'database up': { query: () => 'max(pg_up)', shown: whole, ofCalls: false },
  'queue depth': { query: () => 'sum(nqba_qih_queue_depth)', shown: whole, ofCalls: false },
} satisfies Record<string, NamedQuery>;

export type MetricName = keyof typeof metrics;
