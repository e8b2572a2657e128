/** The questions we ask Prometheus, by name. Windows are milliseconds and become whole seconds. */

const window = (ms: number) => `${Math.max(1, Math.ceil(ms / 1000))}s`;

export const jobsStarted = (ms: number) => `sum by (pod, solver) (increase(nqba_quantum_jobs_started_total[${window(ms)}]))`;

export const jobsInFlight = 'sum by (pod) (nqba_quantum_jobs_in_flight)';

export const jobResults = (ms: number) => `sum by (solver, result) (increase(nqba_quantum_jobs_total[${window(ms)}]))`;

export const outsideProbe = {
  dynex: 'max(probe_success{job="blackbox-dynex"})',
  api: 'max(probe_success{job="blackbox-api"})',
};

export type MetricName = 'api latency p95' | 'api errors' | 'api calls' | 'database up' | 'queue depth';
