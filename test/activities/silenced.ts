/** Silences of the stage's Alertmanager, as somebody else sees and makes them; and what our workers have written there. */

import { connectAlertmanager } from '../../activities/connectors/silences.ts';
import type { Clock, Fetch } from '../../activities/connectors/http.ts';

/** Where a stage has it. */
export const silencing = { url: 'http://alertmanager' };

export const notingSilences =
  (noted: string[], fetch: Fetch): Fetch =>
  async request => {
    const { method, url } = request;
    const answer = await fetch(request);
    if (answer.ok && method !== 'GET') noted.push(`${method} ${new URL(url).pathname.replace(/silence\/.*/, 'silence')}`);
    return answer;
  };

export function silencesOf(fetch: Fetch, clock: Clock) {
  const alertmanager = connectAlertmanager(silencing, { ...clock, fetch });
  return {
    ...alertmanager,
    clear: async () => {
      for (const { id } of await alertmanager.silences()) await alertmanager.expire(id);
    },
  };
}
