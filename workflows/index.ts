/** Every workflow that Temporal may start. */
export { authenticationFailures } from './runbooks/authentication-failures.ts';
export { delayedJobs } from './runbooks/delayed-jobs.ts';
export { dynexServiceOutage } from './runbooks/dynex-service-outage.ts';
export { notice } from './notice.ts';
export { dynexOutage } from './runbooks/dynex-outage.ts';
export { ipfsPinFailures } from './runbooks/ipfs-pin-failures.ts';
export { logReview } from './runbooks/log-review.ts';
export { morningHealthCheck } from './runbooks/morning-health-check.ts';
export { p0CriticalIncidentResponse } from './runbooks/p0-critical-incident-response.ts';
export { quantumApiKeyRotation } from './runbooks/quantum-api-key-rotation.ts';
export { quantumJobFailures } from './runbooks/quantum-job-failures.ts';
export { quantumJobOptimization } from './runbooks/quantum-job-optimization.ts';
export { quantumWorkloadScaling } from './runbooks/quantum-workload-scaling.ts';
export { quotaExhaustion } from './runbooks/quota-exhaustion.ts';
export { takeBack } from './take-back.ts';
export { weeklyMaintenanceWindow } from './runbooks/weekly-maintenance-window.ts';
