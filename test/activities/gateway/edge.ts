/** Limits and blocks on a real API server, over the access log of a platform whose customers the test chooses. */

import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn, type State } from '../../../lab/world/customers.ts';
import { clock, type Stage } from '../stage.ts';

/** Normal use below half of the reviewed limit of routes of low priority. */
export const calm: Partial<State> = { density: 20 };

/** The platform's own API, whose log ends now. @param edge what the Ingresses deny; nothing unless told */
export function operatorApiWith(given: Partial<State> = {}, edge: Stage['edge'] = () => []) {
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, Date.now(), { density: 100, ...given });
  const api = [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }];
  const world = () => ({ pods: [], systems: [], api, customers, edge: edge() });
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), world);
  const operatorApi = connectOperatorApi({ url: 'http://api', token: tokens.operator }, { ...clock, fetch: stand.fetch });
  return { operatorApi, customers };
}

export const since = (kind: State['troubles'][number]['kind']): Partial<State> => ({
  troubles: [{ kind, from: Date.now() - 600_000 }],
});

/** Both Ingresses as the API server has them now. */
export const ingressesOn = ({ you }: Stage, paths: string[]) => Promise.all(paths.map(path => you.get(path)));
