/** Activities of a platform whose database is an instance of RDS, over the stand-in. */

import { rds, type Options } from '../../lab/stand-ins/rds.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { State } from '../../lab/world/systems.ts';
import type { Clock, Fetch } from '../../activities/connectors/http.ts';

const hour = 3_600_000;
export const region = 'eu-central-1';
/** No one signs in with them. */
export const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'hush/of+the/cloud/5b1e07c4d2a9' };

/** As the platform description calls it: two young snapshots and an old one. */
export const aDatabase = (now: number, change: Partial<Options['database']> = {}): Options['database'] => ({
  name: 'nqba-prod-db',
  class: 'db.r6g.large',
  hasStandby: true,
  keepsBackups: 30,
  restorableTo: now - 4 * 60_000,
  snapshots: [40, 16, 64].map(hours => ({ name: `rds:${hours}-hours-ago`, at: now - hours * hour, status: 'available' })),
  ...change,
});

export function rdsWith(clock: Clock, options: Partial<Options> = {}, state: State = 'healthy') {
  const messages: Message[] = [];
  const database = options.database ?? aDatabase(clock.now());
  const around = surroundings({ ...clock, state: () => state, record: message => void messages.push(message) });
  const app = rds(around, { ...options, database });
  return { messages, database, connection: { region, credentials, fetch: app.fetch } };
}

const isChange = async (request: Request) => (await request.clone().text()).includes('Action=ModifyDBInstance');

/** Every call is a POST: only those that change something go through what stands between, and are noted. */
export const notingClasses =
  (noted: string[], between: (fetch: Fetch) => Fetch, fetch: Fetch): Fetch =>
  async request => {
    if (!(await isChange(request))) return fetch(request);
    const noting: Fetch = async change => {
      const answer = await fetch(change);
      if (answer.ok) noted.push('resize');
      return answer;
    };
    return between(noting)(request);
  };
