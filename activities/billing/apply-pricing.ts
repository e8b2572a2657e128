/**
 * The reviewed price list is put in force at the platform, by its version: no price stands in a runbook. Stripe keeps prices of its
 * own, whose amounts never change: the plan says what differs there. Twice equals once: the version is stated whole.
 */

import type { Effect, Outcome } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { digestOf } from '../canonical.ts';
import type { Prices } from '../connectors/operator-api/usage.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { toSet } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { stopped } from '../failures.ts';
import { customersOf } from '../gateway/customers.ts';
import { billingOf, type Platform } from '../platform.ts';
import type { Billing, PriceList } from '../platform/billing.ts';
import { answered } from '../checking.ts';
import { comparePricing, differingPlans } from './compare-pricing.ts';
import type { ApplyPricingInput } from './inputs.ts';
import { priceListOf, priceListTarget, versionField } from './price-list.ts';
import { money, reviewedAt } from './sources.ts';
import { operatorApiOf } from '../operators.ts';

interface View {
  now: Snapshot;
  prices: Prices;
  wanted: PriceList;
  /** Customers by plan; nothing where the platform does not say. */
  customers: Map<string, number> | undefined;
  provider: Finding;
}

const name = 'applyPricing';
const targets = ({ billing }: Platform) => (billing ? [priceListTarget] : []);

export const applyPricing: Action<ApplyPricingInput> = {
  name,
  stays: true,
  byHand: (input, { systems, platform }) =>
    platform.billing && systems.operatorApi ? undefined : byHand(input, 'The NQBA API for operators is not connected'),
  async run(input, context) {
    try {
      return await runSetting(applying, input, withPriceList(context));
    } catch (error) {
      if (error instanceof SystemError && error.fault === 'not connected' && error.status !== undefined)
        return byHand(input, error.message);
      throw error;
    }
  },
  undo: { targets, run: (record, context) => backward.run(record, withPriceList(context)) },
};

const backward = restoring({
  targets,
  summary: 'The former price list is in force again.',
  done: 'The former price list is in force again.',
});

/** @throws SystemError */
function withPriceList(context: ActionContext): ActionContext {
  const { billing } = operatorApiOf(context.deps);
  const system = priceListOf(billing, context.deps.systems.artifacts);
  return { ...context, systems: { ...context.systems, 'NQBA API': system } };
}

const byHand = ({ version }: ApplyPricingInput, because: string): Outcome => ({
  byHand: { system: 'NQBA API', paste: `Put the price list “${version}” of platform.json (billing.prices) in force.`, because },
});

const applying: Setting<ApplyPricingInput, View> = {
  name,
  records: targets,
  look,
  draft: ({ now, wanted }, _, { call: { key } }) => toSet(now, { [versionField]: wanted.version }, { action: name, key }),
  words: ({ now, prices, wanted, customers, provider }, _, { deps }) => ({
    summary: `The platform charges by the reviewed price list ${wanted.version}.`,
    consequences: [
      ...changesOf(prices, wanted, customers, billingOf(deps.platform)),
      'Charges made before stay as they are, and quotas of the tiers follow the list.',
      ...(provider.verdict === 'healthy' ? [] : [`It changes nothing at Stripe. ${provider.evidence}`]),
    ],
    restsOn: [
      { what: 'prices in force, digest', value: shortDigest(prices) },
      {
        what: `reviewed price list “${wanted.version}”, digest`,
        value: shortDigest(reviewedIn(wanted, billingOf(deps.platform))),
      },
    ],
    done: `The price list ${wanted.version} is in force at the platform; before it was ${now.value(versionField)}.`,
    nothing: { note: `The price list ${wanted.version} was in force already: nothing was changed.`, measured: true },
  }),
  asks: async () => 'Prices of customers change: finance confirms the version and the customers.',
  measure: ({ wanted }, _, { deps }) => inForce(deps, wanted),
};

async function look({ version }: ApplyPricingInput, context: ActionContext): Promise<View> {
  const { deps } = context;
  const billing = billingOf(deps.platform);
  const wanted = version === 'reviewed' ? reviewedAt(billing, new Date(deps.now()).toISOString()) : listed(billing, version);
  if (!wanted)
    throw stopped('BadInput', `platform.json has no reviewed price list “${version}” (billing.prices): correct the step.`);
  const [now, prices, customers, provider] = await Promise.all([
    readTarget(context, priceListTarget),
    operatorApiOf(deps).billing.prices(),
    customersByPlan(deps),
    answered(() => comparePricing(deps, { of: 'Stripe' })),
  ]);
  return { now, prices, wanted, customers, provider };
}

const reviewedIn = ({ version, plans }: PriceList, { currency }: Billing): Prices => ({ version, currency, plans });

const shortDigest = (prices: Prices) => digestOf(prices).slice(0, 16);

const listed = ({ prices }: Billing, version: string) => prices.find(one => one.version === version);

async function customersByPlan(deps: Deps): Promise<View['customers']> {
  try {
    const { entitlements, total } = await customersOf(operatorApiOf(deps));
    if (entitlements.length < total) return undefined;
    return new Map([...Map.groupBy(entitlements, ({ tier }) => tier)].map(([tier, of]) => [tier, of.length]));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** A sentence for each plan that gets another price, with its customers. */
function changesOf(prices: Prices, wanted: PriceList, customers: View['customers'], { currency }: Billing): string[] {
  return differingPlans(prices, wanted).map(plan => {
    const [from, to] = [shown(prices.plans[plan], prices.currency), shown(wanted.plans[plan], currency)];
    const count = counted(customers, plan);
    return `${plan}: ${from} a month becomes ${to} (${count}).`;
  });
}

const shown = (minor: number | undefined, code: string) => (minor === undefined ? 'not sold' : money(minor, code));

function counted(customers: View['customers'], plan: string): string {
  if (customers === undefined) return 'how many customers have it is not known';
  const count = customers.get(plan) ?? 0;
  return count === 1 ? '1 customer' : `${count} customers`;
}

/** The platform may call another list by the same version: its prices are compared, not the version alone. */
async function inForce(deps: Deps, wanted: PriceList): Promise<Effect> {
  const now = await operatorApiOf(deps).billing.prices();
  if (now.version !== wanted.version)
    return { measured: 'none', text: `The platform charges by ${now.version}, not by ${wanted.version}.` };
  const { currency } = billingOf(deps.platform);
  if (now.currency !== currency)
    return {
      measured: 'part',
      text: `The platform charges by ${now.version}, but its prices are in ${now.currency}, and the reviewed ones in ${currency}.`,
    };
  const differing = differingPlans(now, wanted);
  const text = `The platform charges by ${now.version}`;
  if (differing.length === 0) return { measured: 'whole', text: `${text}: each plan has its reviewed price.` };
  return { measured: 'part', text: `${text}, but there ${differing.join(', ')} differ from the reviewed list.` };
}
