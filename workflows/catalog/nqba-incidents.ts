/** The chapter *NQBA-Specific Incidents* of the document, in its order. */

import { incident, podOf } from './entries.ts';

export const nqbaIncidents = [
  incident('dynex-outage', 'Dynex Outage', {
    severity: 'P1',
    owner: 'quantum',
    workflow: 'dynexOutage',
    needs: { sections: ['quantum'], workloads: ['api', 'worker', 'batch'] },
    breaks: 'quantum jobs fail, or run on classical solvers',
    drafts: { component: 'quantum', page: false, mail: true },
    unasked: [
      'Activate Circuit Breaker: sends quantum jobs to the classical solvers (sets the fallback keys of the ConfigMap and restarts the workload that reads it), where the rollout would be admitted',
      'Gradual Rollback: where jobs return by a share, each stage after the approved first one, and back to 0% at a faulty measurement',
    ],
    alerts: ['DynexHealthCheckFailed', 'QuantumFallbackRateHigh', 'QuantumServiceUnavailable'],
  }),
  incident('ipfs-pin-failures', 'IPFS Pin Failures', {
    severity: 'P2',
    owner: 'infrastructure',
    workflow: 'ipfsPinFailures',
    needs: { sections: ['ipfs'], workloads: ['api', 'worker', 'batch'] },
    unasked: [
      'Activate Backup Pinning: lets the second provider pin new records and pauses the first, where pods read the setting while they run',
      'Repin Failed Content: pins entries of the LTC again that are not pinned or resolve nowhere, and writes their references',
    ],
    breaks: 'records are not pinned to IPFS',
    drafts: { component: 'ipfs', page: true, mail: true },
    alerts: ['IpfsPinFailureRateHigh', 'LtcVerificationFailing'],
  }),
  incident('quota-exhaustion', 'Quota Exhaustion', {
    severity: 'P2',
    owner: 'customer-success',
    workflow: 'quotaExhaustion',
    needs: { sections: ['gateway'], workloads: ['api'] },
    unasked: [
      'Implement Rate Limiting: limits routes of low priority at the edge to half of their reviewed limit for half an hour of the incident, where the access log shows the addresses of clients, and pages with high urgency',
    ],
    breaks: 'calls are refused because a quota is used up',
    drafts: { component: 'api', page: true, mail: false },
    alerts: ['QuotaNearlyExhausted', 'QuotaRefusals'],
  }),
  incident('delayed-jobs', 'Delayed Jobs', {
    severity: 'P2',
    owner: 'platform',
    workflow: 'delayedJobs',
    needs: { sections: ['quantum'], workloads: ['worker', 'batch'] },
    unasked: [
      'Scale Workers: raises the floor of the workers’ autoscaler to twice what runs, at most 6, for four hours, where the database and Dynex are known to have headroom',
      'Prioritize Critical Jobs: lets urgent and high jobs start first, where the platform offers it',
      'Implement job prioritization: the same, and holds low jobs until recovery, once people have said that resources are exhausted',
    ],
    breaks: 'jobs wait much longer than usual',
    drafts: { component: 'quantum', page: true, mail: true },
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
    workflow: 'billingDrift',
    needs: { sections: ['billing'] },
    unasked: ['Pause Billing: suspends the CronJob that charges, while too much is charged; only a person lets it go on'],
    breaks: 'charges are wrong or fail',
    drafts: { component: 'billing', page: true, mail: true },
    alerts: ['BillingRevenueVariance', 'BillingChargesFailing'],
  }),
  incident('api-rate-limit-exceeded', 'API Rate Limit Exceeded', {
    severity: 'P2',
    owner: 'platform',
    workflow: 'apiRateLimitExceeded',
    needs: { sections: ['gateway'], workloads: ['api'] },
    unasked: [
      'Implement Throttling: limits routes of low priority at the edge to half of their reviewed limit for half an hour of the incident, where the access log shows the addresses of clients, and pages with high urgency',
    ],
    breaks: 'calls are refused with 429',
    drafts: { component: 'api', page: true, mail: false },
    alerts: ['ApiRateLimitExceeded', 'ApiClientErrorRateHigh'],
  }),
  incident('authentication-failures', 'Authentication Failures', {
    severity: 'P1',
    owner: 'security',
    workflow: 'authenticationFailures',
    needs: { sections: ['access', 'gateway'], workloads: ['api'] },
    breaks: 'people cannot log in',
    drafts: { component: 'login', page: true, mail: true },
    alerts: ['AuthFailureRateHigh', 'AuthAccountsLocked', 'LoginProbeFailed', 'SecurityAlerts'],
  }),
  incident('quantum-job-failures', 'Quantum Job Failures', {
    severity: 'P2',
    owner: 'quantum',
    workflow: 'quantumJobFailures',
    needs: { sections: ['quantum'], workloads: ['api', 'worker', 'batch'] },
    unasked: [
      'Pause New Jobs: holds jobs that ask for a quantum solver, where a canary is wrong or more than 80% fail; it ends after 30 minutes of the incident in all, and pages with high urgency',
      'Resume Job Processing: lets more of the held jobs in, stage by stage, and back to the stage before at a faulty measurement',
    ],
    breaks: 'quantum jobs fail or give wrong results',
    drafts: { component: 'quantum', page: false, mail: true },
    alerts: ['QuantumJobFailureRateHigh', 'QuantumCanaryWrong'],
  }),
] as const;
