/** The platform's own API, as activities need it: whatever asks it fails alike where it is not connected. */

import type { OperatorApi } from './connectors/operator-api.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';

/** @throws SystemError where the platform's own API is not connected */
export function operatorApiOf({ systems: { operatorApi } }: Pick<Deps, 'systems'>): OperatorApi {
  if (!operatorApi) throw notConnected('The NQBA API for operators', 'NQBA_API_TOKEN');
  return operatorApi;
}
