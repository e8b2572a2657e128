/** `nginx_ingress_controller_requests`: every call of the access log, by status and path. */

import { linesBetween } from '../../world/traffic/log.ts';
import { counted, type Family } from './family.ts';

const ingress = 'nqba-platform-ingress';

export const ingressRequests: Family = {
  grew: (world, from, to) =>
    counted(linesBetween(world, from, to), ({ status, route }) => ({ ingress, status: String(status), path: route })),
};
