/** Every workflow that Temporal may start. */
export { delayedJobs } from './runbooks/delayed-jobs.ts';
export { dynexServiceOutage } from './runbooks/dynex-service-outage.ts';
export { dynexOutage } from './runbooks/dynex-outage.ts';
export { p0CriticalIncidentResponse } from './runbooks/p0-critical-incident-response.ts';
export { quantumJobFailures } from './runbooks/quantum-job-failures.ts';
export { takeBack } from './take-back.ts';
