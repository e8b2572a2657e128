/** Checks of the gateway over the platform's own API, with customers and troubles of the test's own. */

import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { keys } from '../../../lab/stand-ins/platform/synthetic.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn, type State, type TroubleKind } from '../../../lab/world/customers.ts';
import type { State as SystemState } from '../../../lab/world/systems.ts';
import type { World } from '../../../lab/world.ts';
import type { Platform } from '../../../activities/platform.ts';
import { createActivities } from '../../../activities/index.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';

export const noon = Date.parse('2026-03-02T12:00:00Z');
const api = [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }];

/** A quiet platform unless told. */
export function gatewayOver(given: Partial<State> = {}, state: SystemState = 'healthy', platform: Platform = aPlatform) {
  const clock = virtualClock(noon);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, noon, given);
  const world: World = { pods: [], systems: [], api, customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => state }), () => world);
  const connection = { url: 'http://api', token: tokens.operator, synthetic: keys, fetch: stand.fetch };
  const systems = connected({ operatorApi: connection }, clock);
  const { gateway, observe } = createActivities({ platform, systems, ...clock, running });
  return { ...gateway, ...observe, systems, customers, clock };
}

/** Since ten minutes before noon. */
export const during = (kind: TroubleKind): Partial<State> => ({ troubles: [{ kind, from: noon - 600_000 }] });

/** What a check froze, as it lies in the artifact store. */
export const frozenBy = async (
  { systems }: Pick<ReturnType<typeof gatewayOver>, 'systems'>,
  { frozen }: { frozen?: { digest: string } | undefined },
): Promise<string> => (frozen ? ((await systems.artifacts.load(frozen.digest)) ?? '') : '');
