/** Alerts that fire when an incident is over open the next one. */

export { nextIncident } from './kit/lifecycle/next-incident.ts';
