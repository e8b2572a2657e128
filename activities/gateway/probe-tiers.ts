/** Customers of ours try their limits as any customer does: answered below the reviewed limit, refused above it. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Tier } from '../connectors/operator-api/entitlements.ts';
import type { SyntheticCustomers } from '../connectors/operator-api/synthetic.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { gatewayOf } from '../platform.ts';
import type { ReviewedLimit } from '../platform/gateway.ts';
import { operatorApiOf } from '../operators.ts';
import type { LimitsFacts } from './facts.ts';
import { factsTogether } from './limits-judged.ts';

/** A tier that allows more is not tried above its limit: raise nothing, give our customer of it a lower one of its own. */
const mostCalls = 1500;
const atOnce = 25;
/** Milliseconds: a check has twelve seconds. */
const longest = 8000;
/** A little longer than the minute that a limit counts. */
const aMinute = 61_000;
/** So much less than the reviewed limit is still right: a call may be on its way. */
const tolerance = 0.9;

type Outcome = { tier: Tier; is: 'right' | 'wrong' | 'unknown'; says: string };

/** @throws SystemError */
export async function probeTiers(deps: Deps): Promise<Finding<LimitsFacts>> {
  const { synthetic, address } = operatorApiOf(deps);
  const { limits } = gatewayOf(deps.platform);
  if (synthetic.tiers.length === 0) throw notConnected('A customer of ours', 'NQBA_SYNTHETIC_FREE');
  const outcomes = await Promise.all(
    synthetic.tiers.map(async (tier): Promise<Outcome> => {
      const limit = limits[`tier:${tier}`];
      return limit ? tried(deps, synthetic, tier, limit) : { tier, is: 'unknown', says: `${tier} has no reviewed limit` };
    }),
  );
  const of = (wanted: Outcome['is']) => outcomes.filter(({ is }) => is === wanted);
  const facts = factsTogether([{ right: of('right').map(({ tier }) => tier), wrong: of('wrong').map(({ tier }) => tier) }]);
  const evidence = `As customers of ours at ${address}: ${outcomes.map(({ says }) => says).join('; ')}.`;
  if (of('wrong').length > 0) return { verdict: 'faulty', evidence, facts };
  return { verdict: of('unknown').length > 0 ? 'unknown' : 'healthy', evidence, facts };
}

/** The last try of each customer of ours: within its minute another one would tell nothing. */
const lastTries = new WeakMap<SyntheticCustomers, Map<Tier, { at: number; outcome: Outcome }>>();

async function tried(deps: Deps, synthetic: SyntheticCustomers, tier: Tier, limit: ReviewedLimit): Promise<Outcome> {
  const tries = lastTries.get(synthetic) ?? new Map<Tier, { at: number; outcome: Outcome }>();
  lastTries.set(synthetic, tries);
  const last = tries.get(tier);
  const ago = last && deps.now() - last.at;
  if (last && ago !== undefined && ago < aMinute)
    return { ...last.outcome, says: `${last.outcome.says} (${Math.round(ago / 1000)} s ago)` };
  const outcome = await tryTier(deps, synthetic, tier, limit);
  tries.set(tier, { at: deps.now(), outcome });
  return outcome;
}

async function tryTier(deps: Deps, synthetic: SyntheticCustomers, tier: Tier, limit: ReviewedLimit): Promise<Outcome> {
  const most = limit.perMinute * limit.burst + 1;
  const began = deps.now();
  let accepted = 0;
  while (accepted < Math.min(most, mostCalls) && deps.now() - began < longest) {
    const wanted = Math.min(atOnce, most - accepted);
    const answers = await Promise.all(Array.from({ length: wanted }, () => synthetic.call(tier)));
    accepted += answers.filter(answer => answer?.status === 200).length;
    const other = answers.find(answer => answer?.status !== 200);
    if (other?.status === 429) return refused(tier, accepted, limit, other.retryAfter);
    if (other) return { tier, is: 'wrong', says: `${tier} was answered ${other.status} (${other.text})` };
  }
  if (accepted >= most)
    return {
      tier,
      is: 'wrong',
      says: `${tier} was not refused after ${accepted} calls, reviewed are ${limit.perMinute} a minute`,
    };
  return { tier, is: 'unknown', says: `${tier} was answered ${accepted} times and not tried above its limit` };
}

/** Its minute is used up where it is refused at once: by the try before. */
function refused(tier: Tier, accepted: number, { perMinute }: ReviewedLimit, retryAfter: number | undefined): Outcome {
  const again = retryAfter === undefined ? '' : `, again in ${Math.ceil(retryAfter / 1000)} s`;
  if (accepted === 0) return { tier, is: 'unknown', says: `${tier} was refused at once: its minute is used up${again}` };
  const says = `${tier} was answered ${accepted} times and then refused, reviewed are ${perMinute} a minute`;
  return { tier, is: accepted >= perMinute * tolerance ? 'right' : 'wrong', says };
}
