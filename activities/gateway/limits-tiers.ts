/** Tiers as the code has them, against the reviewed ones, the price list, and what customers of the tier usually need. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Tier } from '../connectors/operator-api/entitlements.ts';
import type { Prices } from '../connectors/operator-api/usage.ts';
import type { Deps } from '../deps.ts';
import { gatewayOf } from '../platform.ts';
import type { Gateway } from '../platform/gateway.ts';
import { part } from '../together.ts';
import { type Piece } from './access-lines.ts';
import { operatorApiOf } from '../operators.ts';
import { grouped, percentile, rates, spelled } from './counted.ts';
import { customersOf, type Customers } from './customers.ts';
import type { LimitsFacts } from './facts.ts';
import { judged, type LayerFaults } from './limits-judged.ts';
import { callsOfDays, isCovered } from './usual-calls.ts';

/** @throws SystemError */
export async function tierTables(deps: Deps): Promise<Finding<LimitsFacts>> {
  const api = operatorApiOf(deps);
  const gateway = gatewayOf(deps.platform);
  const [customers, prices] = await Promise.all([customersOf(api), pricesIn(deps)]);
  const tiers = new Map(customers.entitlements.map(({ tier, limits }) => [tier, limits]));
  const faults = [...tiers].flatMap(([tier, limits]): LayerFaults[] => {
    const [rate, table] = [gateway.limits[`tier:${tier}`], gateway.tiers[tier]];
    return [
      ...differs(`tier:${tier}`, 'calls a minute', limits.calls_per_minute, rate?.perMinute),
      ...disagrees(tier, 'jobs a month', limits.jobs_per_month, table?.jobsPerMonth),
      ...disagrees(tier, 'calls a day', limits.calls_per_day, table?.callsPerDay),
    ];
  });
  return judged('Tiers', [...faults, ...pricesDiffer(prices, gateway)], `${tiers.size} as reviewed, and so is the price list.`);
}

const differs = (scope: string, what: string, is: number, wanted: number | undefined): LayerFaults[] =>
  wanted === undefined || is === wanted ? [] : [{ differing: [scope], says: [`${scope} has ${is} ${what}, not ${wanted}`] }];

const disagrees = (tier: string, what: string, is: number, wanted: number | undefined): LayerFaults[] =>
  wanted === undefined || is === wanted
    ? []
    : [
        {
          tables: ['reviewed', 'entitlements'],
          says: [`the tables disagree: ${tier} has ${is} ${what}, reviewed are ${wanted}`],
        },
      ];

/** Nothing where the platform has no price list. */
async function pricesIn(deps: Deps): Promise<Prices | undefined> {
  let prices: Prices | undefined;
  await part(async () => {
    prices = await operatorApiOf(deps).billing.prices();
    return { verdict: 'healthy', evidence: '' };
  });
  return prices;
}

function pricesDiffer(prices: Prices | undefined, { tiers }: Gateway): LayerFaults[] {
  const differing = Object.entries(tiers).filter(
    ([tier, { price }]) => prices !== undefined && price !== undefined && prices.plans[tier] !== price,
  );
  if (differing.length === 0) return [];
  const names = differing.map(([tier]) => tier).join(', ');
  return [
    {
      tables: ['reviewed', 'prices'],
      says: [`the tables disagree: the price list ${prices?.version} has other prices for ${names}`],
    },
  ];
}

/** A limit below what customers of a tier usually need refuses normal use. @throws SystemError */
export async function belowUsual(deps: Deps): Promise<Finding<LimitsFacts>> {
  const api = operatorApiOf(deps);
  const [days, customers, { limits }] = await Promise.all([
    callsOfDays(deps, api.accessLog),
    customersOf(api),
    api.limits.limits(),
  ]);
  if (!isCovered(days))
    return { verdict: 'unknown', evidence: `Usual needs are unknown: the access log covers ${days.length} of seven days.` };
  const faults = [...usualOf(days, customers)].flatMap(([tier, needed]): LayerFaults[] => {
    const ofTier = customers.entitlements.find(one => one.tier === tier)?.limits.calls_per_minute ?? Number.POSITIVE_INFINITY;
    const inForce = Math.min(ofTier, limits[`tier:${tier}`]?.per_minute ?? Number.POSITIVE_INFINITY);
    if (inForce >= needed) return [];
    return [
      {
        belowUsual: [`tier:${tier}`],
        says: [`tier:${tier} is ${inForce} a minute, customers usually need up to ${Math.round(needed)}`],
      },
    ];
  });
  return judged('Usual needs', faults, `no limit of a tier is below them (p99 of ${days.length} days).`);
}

/** The calls a minute that 99 of a hundred customers and days stay below, by tier. */
function usualOf(days: Piece[], { entitlements }: Customers): Map<Tier, number> {
  const tiers = new Map(entitlements.map(({ user_id, tier }) => [spelled(user_id), tier]));
  const seen = days.flatMap(day =>
    [...rates(day, 'customer')].flatMap(([name, rate]) => {
      const tier = tiers.get(name);
      return tier === undefined ? [] : [{ tier, rate }];
    }),
  );
  const byTier = grouped(seen, ({ tier }) => tier);
  const needs = new Map<Tier, number>();
  for (const samples of byTier.values()) {
    const [first] = samples;
    if (first)
      needs.set(
        first.tier,
        percentile(
          samples.map(({ rate }) => rate),
          99,
        ) ?? 0,
      );
  }
  return needs;
}
