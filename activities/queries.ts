/** The questions we ask Prometheus, by name. A platform may put others instead of them: `queries` in its description. */

/** Seconds between two samples, one at least, of the series with the longest; a single sample tells nothing. Tried with `promtool test rules`. */
export const intervalOf = (series: string, window = '$window') => {
  const samples = `(timestamp(${series})[${window}:1s])`;
  return `max((max_over_time${samples} - min_over_time${samples}) / changes${samples})`;
};

const ofPods = 'namespace=~"$namespace", pod=~"$names", container!=""';

/** `$window` is a range such as `300s`, `$job` the Prometheus job of the API, `$namespace` and `$names` those of ReplicaSets or pods. */
const usual = {
  'jobs started': 'sum by (pod, solver) (increase(nqba_quantum_jobs_started_total[$window]))',
  'jobs in flight': 'sum by (pod) (nqba_quantum_jobs_in_flight)',
  'job results': 'sum by (solver, result) (increase(nqba_quantum_jobs_total[$window]))',
  'interval of jobs': intervalOf('nqba_quantum_jobs_started_total'),
  'dynex from outside': 'max(probe_success{job="blackbox-dynex"})',
  'api from outside': 'max(probe_success{job="blackbox-api"})',
  'login from outside': 'max(probe_success{job="blackbox-login"})',
  logins: 'sum(increase(nqba_auth_attempts_total[$window]))',
  'logins failed': 'sum(increase(nqba_auth_attempts_total{result="failed"}[$window]))',
  'share of failed logins':
    'sum(increase(nqba_auth_attempts_total{result="failed"}[$window])) / sum(increase(nqba_auth_attempts_total[$window]))',
  /** The median of seven days, each hour by itself. */
  'usual share of failed logins':
    'quantile_over_time(0.5, (sum(increase(nqba_auth_attempts_total{result="failed"}[1h])) / sum(increase(nqba_auth_attempts_total[1h])))[7d:1h])',
  'api latency p95': 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="$job"}[$window])))',
  /** Without any error there is no series of errors: that is none, as long as there are calls. */
  'api errors':
    '(sum(rate(http_requests_total{job="$job", status=~"5.."}[$window])) or vector(0)) / sum(rate(http_requests_total{job="$job"}[$window]))',
  /** Of the API as a whole, over all its pods. */
  'api calls': 'sum(increase(http_requests_total{job="$job"}[$window]))',
  'interval of calls': intervalOf('http_requests_total{job="$job"}'),
  'database up': 'max(pg_up)',
  'jobs finished': 'sum(increase(nqba_quantum_jobs_total[$window]))',
  /** Jobs whose duration is measured. */
  'jobs timed': 'sum(increase(nqba_quantum_job_duration_seconds_count[$window]))',
  'job duration mean':
    'sum(increase(nqba_quantum_job_duration_seconds_sum[$window])) / sum(increase(nqba_quantum_job_duration_seconds_count[$window]))',
  'job duration p95': 'histogram_quantile(0.95, sum by (le) (rate(nqba_quantum_job_duration_seconds_bucket[$window])))',
  'job duration p95 by solver':
    'histogram_quantile(0.95, sum by (le, solver) (rate(nqba_quantum_job_duration_seconds_bucket[$window])))',
  'queue depth': 'sum(nqba_qih_queue_depth)',
  /** Of each queue: that of the hub, and those of Celery. */
  'queue depths': 'sum by (queue) (nqba_qih_queue_depth) or sum by (queue) (celery_queue_length)',
  /** How many more jobs wait than at the beginning of the window. */
  'queue growth': 'sum(delta(nqba_qih_queue_depth[$window]))',
  pins: 'sum(increase(nqba_ipfs_pins_total[$window]))',
  /** Without any failure there is no series of failures: that is none, as long as there are pins. */
  'pins failed':
    '(sum(increase(nqba_ipfs_pins_total{result="failed"}[$window])) or vector(0)) / sum(increase(nqba_ipfs_pins_total[$window]))',
  /** Part by which the day so far is off what is expected of it. */
  'revenue variance':
    'abs(nqba_billing_revenue_today - nqba_billing_revenue_expected_today) / nqba_billing_revenue_expected_today',
  /** Of each node: between Ready and not, by kube-state-metrics. */
  'changes of nodes': 'changes(kube_node_status_condition{condition="Ready", status="true"}[$window])',
  /** Of each container with a CPU limit, by cAdvisor: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md */
  'cpu periods': `sum by (pod, container) (increase(container_cpu_cfs_periods_total{${ofPods}}[$window]))`,
  'cpu periods throttled': `sum by (pod, container) (increase(container_cpu_cfs_throttled_periods_total{${ofPods}}[$window]))`,
  'replicas ready': 'max by (replicaset) (kube_replicaset_status_ready_replicas{namespace="$namespace", replicaset=~"$names"})',
  'replicas wanted': 'max by (replicaset) (kube_replicaset_spec_replicas{namespace="$namespace", replicaset=~"$names"})',
} as const;

export type QueryName = keyof typeof usual;

const isName = (name: string): name is QueryName => Object.hasOwn(usual, name);
export const queryNames = Object.keys(usual).filter(isName);

/** PromQL by the name of the query; ours where a name is missing. */
export type Queries = Partial<Record<QueryName, string>>;

/** The values of a query. `window`: milliseconds, which become whole seconds. */
export interface Asked {
  window?: number;
  job?: string;
  namespace?: string;
  names?: string[];
}

export const secondsOf = (ms: number) => `${Math.max(1, Math.ceil(ms / 1000))}s`;

export function promql(queries: Queries, name: QueryName, { window, job, namespace, names }: Asked = {}): string {
  const values: Record<string, string | undefined> = {
    window: window === undefined ? undefined : secondsOf(window),
    job,
    namespace,
    names: names?.join('|'),
  };
  return (queries[name] ?? usual[name]).replace(/\$(window|job|namespace|names)\b/g, (hole, of: string) => values[of] ?? hole);
}

/** ReplicaSets by name, looked back at in steps, milliseconds. */
export interface SetsAsked {
  namespace: string;
  names: string[];
  window: number;
  step: number;
}

/** Of each ReplicaSet: steps at which all pods that it wanted were ready, and the first and the last of these, in seconds since 1970. */
export function servedBySets(queries: Queries, { namespace, names, ...span }: SetsAsked) {
  const [ready, wanted] = [
    promql(queries, 'replicas ready', { namespace, names }),
    promql(queries, 'replicas wanted', { namespace, names }),
  ];
  const range = `[${secondsOf(span.window)}:${secondsOf(span.step)}]`;
  return {
    /** Zero where it never served; nothing where there is no sample. */
    steps: `sum_over_time(((${ready} == bool ${wanted}) * (${ready} > bool 0))${range})`,
    first: `min_over_time(timestamp((${ready} > 0) == ${wanted})${range})`,
    last: `max_over_time(timestamp((${ready} > 0) == ${wanted})${range})`,
  };
}

/** A span that is sampled in steps, milliseconds. */
interface Stepped {
  span: number;
  step: number;
}

/** The average of a query's results over a span that has its own window: what is usual. Steps without a sample do not count. */
export const onAverage = (query: string, { span, step }: Stepped) =>
  `avg_over_time((${query})[${secondsOf(span)}:${secondsOf(step)}])`;

/** When the result of a query was first over a bound within the span, in seconds since 1970; nothing where it never was. */
export const firstOver = (query: string, bound: number, { span, step }: Stepped) =>
  `min_over_time(timestamp((${query}) > ${bound})[${secondsOf(span)}:${secondsOf(step)}])`;

/**
 * When the rule of an alert first held, in seconds since 1970, as Prometheus had it when the alert fired (milliseconds since 1970):
 * https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/. Of the instance that came last: another, or that of
 * another environment, may have been bad for days. Nothing where another system evaluates the rule.
 */
export const heldSinceAt = (alert: string, fired: number) =>
  `max(ALERTS_FOR_STATE{alertname=${JSON.stringify(alert)}} @ ${(fired / 1000).toFixed(3)})`;

interface Metric {
  /** As people read the number. */
  shown: (value: number) => string;
  /** Says nothing where there were too few calls. */
  ofCalls: boolean;
}

const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;
const percent = (value: number) => `${Number((value * 100).toPrecision(3))}%`;
const whole = (value: number) => String(Math.round(value));

/** Queries that are one number, which a runbook may hold against a bound. */
export const metrics = {
  'api latency p95': { shown: seconds, ofCalls: true },
  'api errors': { shown: percent, ofCalls: true },
  'api calls': { shown: whole, ofCalls: false },
  'database up': { shown: whole, ofCalls: false },
  'share of failed logins': { shown: percent, ofCalls: false },
  'queue depth': { shown: whole, ofCalls: false },
} satisfies Partial<Record<QueryName, Metric>>;

export type MetricName = keyof typeof metrics;
