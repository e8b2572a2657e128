/** Every workflow that Temporal may start. */
export { notice } from './notice.ts';
export { dynexOutage } from './runbooks/dynex-outage.ts';
export { p0CriticalIncidentResponse } from './runbooks/p0-critical-incident-response.ts';
export { takeBack } from './take-back.ts';
