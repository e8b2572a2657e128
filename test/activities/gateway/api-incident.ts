/** One incident of a platform whose own API limits and blocks, over the access log of its customers, in virtual time. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { connectOperatorApi } from '../../../activities/connectors/operator-api.ts';
import type { Block, RateLimit } from '../../../activities/connectors/operator-api/limits.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import type { TroubleKind } from '../../../lab/world/customers.ts';
import type { Call } from '../../../workflows/contract/index.ts';
import { aPlatform } from '../bare.ts';
import type { done } from '../outcomes.ts';
import { beforePlatformApi, straight } from './before-platform-api.ts';

const { gateway } = aPlatform;
assert.ok(gateway);
const { 'class:all': _, ...reviewed } = gateway.limits;
export const limits = { ...reviewed, 'class:low-priority': { perMinute: 20, burst: 1 } };
export const platform = { ...aPlatform, gateway: { ...gateway, form: 'api' as const, limits } };
const data = { 'mode.api-rate-limit-exceeded': 'supervised', ...gateway.settings?.values };

export function incident(kind: TroubleKind | undefined, between = straight, described = platform) {
  const around = { workflowType: 'apiRateLimitExceeded', data, trouble: kind, density: 5, between, platform: described };
  const { by, clock, orders, stand, systems } = beforePlatformApi(around);
  let step = 0;
  const keyed = (call: Partial<Call>): Call => ({ key: `run-1/Phase/Step/${(step += 1)}`, ...call });
  const limit = (to: 'essential only' | 'reviewed', call: Partial<Call> = {}) => by.gateway.setLimit({ limit: to }, keyed(call));
  const block = async (cidrs: string[], call: Partial<Call> = {}) => {
    const items = cidrs.map(cidr => ({ cidr, rule: 'errors', calls: 40, accepted: 0, accounts: 0, sample: 'GET / 404' }));
    const list = await freeze(systems.artifacts, 'abusive sources', items);
    return by.gateway.blockSources({ list }, keyed(call));
  };
  /** As another operator, who has read what is in force. */
  const operator = connectOperatorApi({ url: 'http://api', token: tokens.operator }, { ...clock, fetch: stand.fetch }).limits;
  const set = async (scope: string, limit: RateLimit) => operator.setLimit(scope, limit, (await operator.limits()).version);
  const setBlocks = async (blocks: Block[]) => operator.setBlocks(blocks, (await operator.blocks()).version);
  const inForce = async () => (await operator.limits()).limits;
  /** Read by no client of ours, so that nothing is left out. */
  const entries = async () => {
    const headers = { authorization: `Bearer ${tokens.operator}` };
    const answer = await stand.fetch(new Request('http://api/v1/blocks', { headers }));
    return z.object({ blocks: z.array(z.unknown()) }).parse(await answer.json()).blocks;
  };
  const blocked = async () => (await operator.blocks()).blocks.map(({ cidr }) => cidr).toSorted();
  const undo = ({ takeBack }: ReturnType<typeof done>) => {
    assert.ok(takeBack);
    return by.kubernetes.takeBack({ takeBack }, { key: `undo/${(step += 1)}` });
  };
  const limitsFound = () => by.gateway.limits({ layer: 'app' });
  /** Changes of the last step that stand, though it left no receipt. */
  const standing = async (action: string) =>
    (await by.observe.standing({ changes: [], tried: [{ action, key: `run-1/Phase/Step/${step}` }] })).evidence;
  return { limit, limitsFound, block, undo, set, setBlocks, inForce, entries, blocked, standing, orders, clock };
}

export const low = 'class:low-priority';
export const limitOf = (per_minute: number, more: Partial<RateLimit> = {}): RateLimit => ({
  per_minute,
  burst: per_minute,
  until: null,
  reason: 'by hand',
  ...more,
});
