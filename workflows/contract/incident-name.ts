/** Short names of incidents, as people type them: `dynex-outage-20261124-k7fp`. */

const base32 = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A new name on every call; the day is that of `now`, milliseconds since 1970, in UTC. In a workflow the same at every replay. */
export function newName(incident: string, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const tail = Array.from({ length: 4 }, () => base32.charAt(Math.floor(Math.random() * base32.length))).join('');
  return `${incident}-${day}-${tail}`;
}
