/** A worker before the platform's own API, over its customers and their access log, in virtual time. */

import type { Fetch } from '../../../activities/connectors/http.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createActivities } from '../../../activities/index.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn, type TroubleKind } from '../../../lab/world/customers.ts';
import type { World } from '../../../lab/world.ts';
import { answers, aPlatform, connected, running, virtualClock } from '../bare.ts';
import { during, noon } from './platform-api.ts';

const api = [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }];
type Order = Parameters<NonNullable<Deps['takeBackLater']>>[0];

/** What stands before the API. */
export type Between = (request: Request, to: Fetch) => Response | Promise<Response>;

export const straight: Between = (request, to) => to(request);

interface Around {
  workflowType: string;
  /** Of the hold's ConfigMap. */
  data: Record<string, string>;
  /** Of its customers since ten minutes before noon. */
  trouble: TroubleKind | undefined;
  density: number;
  between: Between;
  platform?: typeof aPlatform;
}

export function beforePlatformApi({ workflowType, data, trouble, density, between, platform = aPlatform }: Around) {
  const clock = virtualClock(noon);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, noon, { density, ...(trouble && during(trouble)) });
  const world: World = { pods: [], systems: [], api, customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => world);
  const operatorApi = { url: 'http://api', token: tokens.operator, fetch: (request: Request) => between(request, stand.fetch) };
  const hold = answers(200, { metadata: { name: 'nqba-runbooks' }, data });
  const systems = connected({ operatorApi, kubernetes: { fetch: hold } }, clock);
  const orders: Order[] = [];
  const takeBackLater = async (order: Order) => void orders.push(order);
  const own = () => ({ ...running(), workflowType });
  const by = createActivities({ platform, systems, ...clock, takeBackLater, running: own });
  return { by, clock, orders, stand, systems };
}
