import { type About, Incident, type Resumable } from './incident.ts';

/** The incident of this workflow. Of this module every workflow has its own copy; the rest of the kit remembers nothing. */
let current: Incident | undefined;
export const currentIncident = () => current;

/** Opens the incident of this workflow; its handlers are there before anything is awaited. */
export function openIncident(about: About, start: Resumable): Incident {
  current = new Incident(about, start);
  return current;
}
