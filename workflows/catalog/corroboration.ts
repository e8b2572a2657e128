/** Alerts with a check of their own before they are believed. Of the others only an old one is checked first, as its recovery is. */

import type { CorroboratingCheck, InputOf } from './activities.ts';

/** A check, and what it is called with. */
export type Corroboration = { [N in CorroboratingCheck]: { check: N; input: InputOf<N> } }[CorroboratingCheck];

/** Of Dynex Outage, DynexHealthCheckFailed and QuantumServiceUnavailable are outside probes by themselves: there is nothing to ask first. */
export const corroborated: Readonly<Record<string, Corroboration>> = {
  // `up` looks at the port of the metrics, where nothing listens: it is 0 although the API serves.
  NQBAAPIDown: { check: 'probe', input: { url: 'api' } },
  // It fires on one line of a log: that many logins fail is another matter.
  SecurityAlerts: { check: 'metric', input: { metric: 'share of failed logins', below: 0.1 } },
  // Its exporter may be down while the database serves: calls that need it succeed, or they do not.
  PostgreSQLDown: { check: 'metric', input: { metric: 'api errors', below: 0.01 } },
  // Its target has no Service: it is 0 although the workers run.
  NQBAWorkerDown: { check: 'pods', input: { workloads: ['worker'] } },
  // The broker of all jobs: where it is down no job finishes.
  RedisDown: { check: 'jobs', input: { solver: 'dynex' } },
  // It may be over, or of another platform: where most jobs run on Dynex now there is nothing to fix.
  QuantumFallbackRateHigh: { check: 'jobs', input: { solver: 'dynex', share: 0.5 } },
};
