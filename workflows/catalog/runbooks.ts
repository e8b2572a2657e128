/** The sixteen written runbooks, in the order of the document, and the alerts that open them. */

import type { Role, Severity } from '../contract/index.ts';
import type { OpeningAlert, Runbook } from './runbook.ts';

const operation = (slug: string, title: string, owner: Role, alerts: OpeningAlert[] = []): Runbook => ({
  slug,
  title,
  kind: 'operation',
  severity: 'P3',
  owner,
  incident: slug,
  alerts,
});

interface IncidentLine {
  severity: Severity;
  owner: Role;
  workflow?: string;
  sharing?: string;
  alerts: (string | OpeningAlert)[];
}

const incident = (slug: string, title: string, line: IncidentLine): Runbook => ({
  slug,
  title,
  kind: 'incident',
  severity: line.severity,
  owner: line.owner,
  ...(line.workflow && { workflow: line.workflow }),
  incident: line.sharing ?? slug,
  alerts: line.alerts.map(alert => (typeof alert === 'string' ? { name: alert } : alert)),
  recovery: 'recovered',
});

const podOf = (name: string, workload: string): OpeningAlert => ({ name, where: { label: 'pod', begins: workload } });

export const runbooks: readonly Runbook[] = [
  operation('morning-health-check', 'Morning Health Check', 'operations'),
  operation('log-review', 'Log Review', 'operations'),
  incident('p0-critical-incident-response', 'P0 - Critical Incident Response', {
    severity: 'P0',
    owner: 'infrastructure',
    alerts: [
      'PlatformUnavailable',
      'DatabaseUnavailable',
      'NQBAAPIDown',
      'NQBAAPIHighErrorRate',
      'PostgreSQLDown',
      'RedisDown',
      'DatabaseConnectionErrors',
      podOf('PodCrashLooping', 'nqba-api'),
      podOf('PodNotReady', 'nqba-api'),
    ],
  }),
  operation('weekly-maintenance-window', 'Weekly Maintenance Window', 'operations', [{ name: 'BackupMissing' }]),
  operation('quantum-workload-scaling', 'Quantum Workload Scaling', 'quantum'),
  operation('quantum-api-key-rotation', 'Quantum API Key Rotation', 'security'),
  operation('quantum-job-optimization', 'Quantum Job Optimization', 'quantum'),
  incident('dynex-service-outage', 'Dynex Service Outage', {
    severity: 'P1',
    owner: 'quantum',
    sharing: 'dynex-outage',
    alerts: [],
  }),
  incident('dynex-outage', 'Dynex Outage', {
    severity: 'P1',
    owner: 'quantum',
    workflow: 'dynexOutage',
    alerts: ['DynexHealthCheckFailed', 'QuantumFallbackRateHigh', 'QuantumServiceUnavailable'],
  }),
  incident('ipfs-pin-failures', 'IPFS Pin Failures', {
    severity: 'P2',
    owner: 'infrastructure',
    alerts: ['IpfsPinFailureRateHigh', 'LtcVerificationFailing'],
  }),
  incident('quota-exhaustion', 'Quota Exhaustion', {
    severity: 'P2',
    owner: 'customer-success',
    alerts: ['QuotaNearlyExhausted', 'QuotaRefusals'],
  }),
  incident('delayed-jobs', 'Delayed Jobs', {
    severity: 'P2',
    owner: 'platform',
    alerts: [
      'JobQueueDeep',
      'JobProcessingSlow',
      'NQBAWorkerDown',
      'NQBAWorkerQueueBacklog',
      podOf('PodCrashLooping', 'nqba-worker'),
      podOf('PodNotReady', 'nqba-worker'),
    ],
  }),
  incident('billing-drift', 'Billing Drift', {
    severity: 'P1',
    owner: 'finance',
    alerts: ['BillingRevenueVariance', 'BillingChargesFailing'],
  }),
  incident('api-rate-limit-exceeded', 'API Rate Limit Exceeded', {
    severity: 'P2',
    owner: 'platform',
    alerts: ['ApiRateLimitExceeded', 'ApiClientErrorRateHigh'],
  }),
  incident('authentication-failures', 'Authentication Failures', {
    severity: 'P1',
    owner: 'security',
    alerts: ['AuthFailureRateHigh', 'AuthAccountsLocked', 'LoginProbeFailed', 'SecurityAlerts'],
  }),
  incident('quantum-job-failures', 'Quantum Job Failures', {
    severity: 'P2',
    owner: 'quantum',
    alerts: ['QuantumJobFailureRateHigh', 'QuantumCanaryWrong'],
  }),
];

/** Throws when no runbook is called so: for names that are written in code. */
export function runbook(slug: string): Runbook {
  const found = runbooks.find(runbook => runbook.slug === slug);
  if (!found) throw new Error(`The catalog has no runbook ${slug}.`);
  return found;
}
