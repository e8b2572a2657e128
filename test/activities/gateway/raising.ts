/** Three customers who are near to their quota, on the stand-in of the platform's own API, and another operator beside us. */

import assert from 'node:assert/strict';
import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import type { Override } from '../../../activities/connectors/operator-api/entitlements.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { done, planned } from '../outcomes.ts';
import { beforePlatformApi, straight } from './before-platform-api.ts';
import { noon } from './platform-api.ts';

export const aDay = 86_400_000;
const data = { 'mode.quota-exhaustion': 'supervised' };

export interface Item {
  customer: string;
  of?: 'jobs_per_month' | 'calls_per_day' | 'calls_per_minute';
}

/** Three customers of the tier business have come near to their quota. */
export function incident(between = straight) {
  const around = { workflowType: 'quotaExhaustion', data, trouble: 'legitimate', density: 1, between } as const;
  const { by, clock, orders, stand, systems } = beforePlatformApi(around);
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
