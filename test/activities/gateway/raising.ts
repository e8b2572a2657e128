/** Three customers who are near to their quota, on the stand-in of the platform's own API, and another operator beside us. */

import assert from 'node:assert/strict';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import type { Override } from '../../../activities/connectors/operator-api/entitlements.ts';
import type { Deps } from '../../../activities/deps.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { createActivities } from '../../../activities/index.ts';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn } from '../../../lab/world/customers.ts';
import type { World } from '../../../lab/world.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { answers, aPlatform, connected, running, virtualClock } from '../bare.ts';
import { done, planned } from '../outcomes.ts';

export const noon = Date.parse('2026-03-02T12:00:00Z');
export const aDay = 86_400_000;
const api = [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: ['a', 'b', 'c'] }];
const mode = answers(200, { metadata: { name: 'nqba-runbooks' }, data: { 'mode.quota-exhaustion': 'supervised' } });
type Order = Parameters<NonNullable<Deps['takeBackLater']>>[0];
export type Between = (request: Request, to: Fetch) => Response | Promise<Response>;

export interface Item {
  customer: string;
  of?: 'jobs_per_month' | 'calls_per_day' | 'calls_per_minute';
}

/** Three customers of the tier business have come near to their quota. */
export function incident(between: Between = (request, to) => to(request)) {
  const clock = virtualClock(noon);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, noon, { density: 1, troubles: [{ kind: 'legitimate', from: noon - 600_000 }] });
  const world: World = { pods: [], systems: [], api, customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => world);
  const operatorApi = { url: 'http://api', token: tokens.operator, fetch: (request: Request) => between(request, stand.fetch) };
  const systems = connected({ operatorApi, kubernetes: { fetch: mode } }, clock);
  const orders: Order[] = [];
  const takeBackLater = async (order: Order) => void orders.push(order);
  const own = () => ({ ...running(), workflowType: 'quotaExhaustion' });
  const by = createActivities({ platform: aPlatform, systems, ...clock, takeBackLater, running: own });
  let step = 0;
  const raise = async (items: Item[], call: Partial<Call> = {}, part = 0.5) => {
    const all = items.map(item => ({ of: 'jobs_per_month', used: 1000, allowed: 1000, ...item }));
    const list = await freeze(systems.artifacts, 'customers near their quota', all);
    return by.gateway.raiseQuotas({ list, by: part }, { key: `run-1/Phase/Step/${(step += 1)}`, ...call });
  };
  const approved = async (items: Item[], call: Partial<Call> = {}) => {
    const { digest } = planned(await raise(items, { ...call, dryRun: true }));
    return done(await raise(items, { ...call, approved: digest }));
  };
  /** As another operator. */
  const { entitlements } = connectOperatorApi({ url: 'http://api', token: tokens.operator }, { ...clock, fetch: stand.fetch });
  const inForce = async (customer: string) => (await entitlements.of(customer)).override;
  const undo = ({ takeBack }: ReturnType<typeof done>) => {
    assert.ok(takeBack);
    return by.kubernetes.takeBack({ takeBack }, { key: `undo/${(step += 1)}` });
  };
  const standing = async () =>
    (await by.observe.standing({ changes: [], tried: [{ action: 'raiseQuotas', key: `run-1/Phase/Step/${step}` }] })).evidence;
  return { raise, approved, undo, inForce, standing, entitlements, orders, clock, systems, quotas: by.gateway.quotas };
}

export const near = ['customer-7', 'customer-8', 'customer-9'].map(customer => ({ customer }));
export const in30Days = new Date(noon + 30 * aDay).toISOString();
export const raised = (more: Partial<Override>): Override => ({ until: in30Days, ...more });
