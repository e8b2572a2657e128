/** `nqba_rate_limited_total`: calls that a limit or a quota refused. */

import { linesBetween } from '../../world/traffic/log.ts';
import { counted, type Family } from './family.ts';

export const rateLimited: Family = {
  grew: (world, from, to) =>
    counted(
      [...linesBetween(world, from, to)].filter(({ refused_by }) => refused_by !== null),
      ({ refused_by, account, route }) => ({ reason: refused_by ?? '', customer: account ?? '', route }),
    ),
};
