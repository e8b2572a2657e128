/** Short names of incidents, as people type them: `dynex-outage-20261124-k7fp`. */

import { randomInt } from 'node:crypto';
import { NotFound, Usage } from './errors.ts';

const base32 = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A new name on every call; the day is that of `now`, in UTC. */
export function newName(incident: string, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const tail = Array.from({ length: 4 }, () => base32.charAt(randomInt(base32.length))).join('');
  return `${incident}-${day}-${tail}`;
}

export interface Named {
  name: string;
  workflowId: string;
  open: boolean;
}

/** The one that `text` means: its name, its workflow id, or the beginning of exactly one of either. Newest first. */
export function meant<N extends Named>(incidents: readonly N[], text: string): N {
  const exact = incidents.find(({ name, workflowId }) => name === text || workflowId === text);
  if (exact) return exact;
  const begun = incidents.filter(({ name, workflowId }) => name.startsWith(text) || workflowId.startsWith(text));
  const [only, ...others] = begun;
  if (!only || text === '') throw new NotFound(`No incident is called ${JSON.stringify(text)}. See: runbooks list --all`);
  if (others.length === 0) return only;
  const names = begun.slice(0, 5).map(({ name }) => name);
  throw new Usage(`${JSON.stringify(text)} may mean ${begun.length} incidents: ${names.join(', ')}. Type one of them.`);
}
