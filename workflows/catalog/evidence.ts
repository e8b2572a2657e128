/** Alerts of the platform that open no runbook, and what is done with them instead. */

const evidenceFor = (what: string) => `it is evidence for ${what} and opens nothing alone`;

/** Fires as long as Prometheus and Alertmanager work. */
export const watchdog = 'Watchdog';

export const opensNothing: Readonly<Record<string, string>> = {
  [watchdog]: 'it proves that detection works; only its absence is an alarm',
  NQBAAPIHighLatency: 'slow answers alone are a ticket',
  PostgreSQLHighConnections: evidenceFor('Delayed Jobs'),
  RedisHighMemoryUsage: evidenceFor('Delayed Jobs'),
  HighCPUUsage: evidenceFor('Delayed Jobs'),
  HighMemoryUsage: evidenceFor('Delayed Jobs'),
  DiskSpaceLow: evidenceFor('IPFS Pin Failures'),
  HighErrorRate: 'log lines alone are a ticket',
  CriticalErrors: 'log lines alone are a ticket; a person checks',
  RunbookSignalsMissing: 'detection is incomplete; fix the metric',
};

/** Grafana's alerts about its own rules: what they detect goes unseen. No label turns one into an outage. */
export const blind: Readonly<Record<string, string>> = {
  DatasourceNoData: 'the query of its rule gives no data',
  DatasourceError: 'the query of its rule fails',
};
