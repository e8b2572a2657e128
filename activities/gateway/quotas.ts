/** Used against allowed of everything that is limited. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Entitlement } from '../connectors/operator-api/entitlements.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import { checkStorage } from '../ipfs/storage.ts';
import { quotasUsed } from '../kubernetes/quota-usage.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { operatorApiOf } from '../operators.ts';
import { spelled } from './counted.ts';
import { allowedTo, customersOf } from './customers.ts';
import type { QuotasFacts } from './facts.ts';
import type { CustomerItem } from './items.ts';

export interface QuotasInput {
  /** Part of what is allowed, 0 to 1; 0.9 unless told. */
  above?: number;
  /** The name under which customers over it are frozen. */
  freeze?: string;
}

/** An item of the frozen list, with what is used of what is allowed. */
type Used = CustomerItem & { allowed: number; share: number };

/** @throws SystemError */
export async function checkQuotas(deps: Deps, { above = 0.9, freeze: name }: QuotasInput): Promise<Finding<QuotasFacts>> {
  const [customers, cluster, ...pins] = await Promise.all([
    part(() => ofCustomers(deps, above, name)),
    part(() => ofTheCluster(deps, above)),
    ...(deps.platform.ipfs ? [part(() => ofPins(deps, above))] : []),
  ]);
  const parts: Part<QuotasFacts>[] = [customers, cluster];
  const facts = parts.flatMap(one => ('leftOut' in one || !one.facts ? [] : [one.facts]));
  const [first] = facts.toSorted((a, b) => (b.highest ?? 0) - (a.highest ?? 0));
  const ofThem = 'leftOut' in customers ? undefined : customers;
  const isUnknown = ofThem === undefined && together(parts) === 'healthy';
  return {
    verdict: isUnknown ? 'unknown' : together(parts),
    evidence: `${evidenceOf([...parts, ...pins])} ${notMeasured}`,
    facts: { ...ofThem?.facts, highest: first?.highest, of: first?.of },
    frozen: ofThem?.frozen,
  };
}

const notMeasured = 'Not measured: calls of Dynex and OpenAI.';

async function ofCustomers(deps: Deps, above: number, name: string | undefined): Promise<Finding<QuotasFacts>> {
  const { entitlements, total } = await customersOf(operatorApiOf(deps));
  const used = entitlements.flatMap(entitlement => usedBy(entitlement, deps.now())).toSorted((a, b) => b.share - a.share);
  const [first] = used;
  const left = total - entitlements.length;
  if (!first) return { verdict: 'unknown', evidence: 'The platform names no customer with a quota.' };
  const over = used.filter(({ share }) => share >= above);
  const customers = new Set(over.map(({ customer }) => spelled(customer))).size;
  const items = over.map(({ customer, tier, of, used, allowed }): CustomerItem => ({ customer, tier, of, used, allowed }));
  const frozen = name !== undefined && items.length > 0 ? await freeze(deps.systems.artifacts, name, items) : undefined;
  const facts: QuotasFacts = {
    highest: first.share,
    of: `a customer of the tier ${first.tier}`,
    customersOver: byTier(over),
    frozen: frozen?.count ?? 0,
  };
  const most = `the highest is ${shown(first)} of a customer of the tier ${first.tier}`;
  const unread = left > 0 ? ` ${left} customers were not read.` : '';
  if (customers > 0)
    return {
      verdict: 'faulty',
      evidence: `${customers} of ${total} customers have used ${percent(above)} or more of a quota (${tiersIn(facts)}): ${most}.${unread}`,
      facts,
      ...(frozen && { frozen }),
    };
  const evidence = `No customer of ${entitlements.length} has used ${percent(above)} of a quota: ${most}.${unread}`;
  return { verdict: left > 0 ? 'unknown' : 'healthy', evidence, facts };
}

/** A bound of zero forbids: nothing of it can be used up. */
function usedBy(entitlement: Entitlement, now: number): Used[] {
  const { user_id: customer, tier, used } = entitlement;
  const allowed = allowedTo(entitlement, now);
  const counted = [
    { of: 'jobs_per_month', used: used.jobs_this_month, allowed: allowed.jobs_per_month },
    { of: 'calls_per_day', used: used.calls_today, allowed: allowed.calls_per_day },
  ] as const;
  return counted.flatMap(one => (one.allowed > 0 ? [{ customer, tier, ...one, share: one.used / one.allowed }] : []));
}

async function ofTheCluster({ systems: { kubernetes }, platform }: Deps, above: number): Promise<Finding<QuotasFacts>> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { verdict, evidence, facts } = await quotasUsed(kubernetes, platform, above);
  return { verdict, evidence, facts: { highest: facts?.highest ?? 0, of: facts?.object ?? 'a ResourceQuota' } };
}

/** Told, and no part of the verdict: a full store refuses no call, and is IPFS Pin Failures. @throws SystemError */
async function ofPins(deps: Deps, above: number): Promise<Finding> {
  const { verdict, evidence } = await checkStorage(deps, { max: above });
  return { verdict, evidence: `Of the storage of the first IPFS provider ${evidence}` };
}

function byTier(over: Used[]): Record<string, number> {
  const customers = new Map(over.map(({ customer, tier = 'unknown' }) => [spelled(customer), tier]));
  const counts: Record<string, number> = {};
  for (const tier of customers.values()) counts[tier] = (counts[tier] ?? 0) + 1;
  return counts;
}

const tiersIn = ({ customersOver }: QuotasFacts) =>
  Object.entries(customersOver)
    .map(([tier, count]) => `${tier} ${count}`)
    .join(', ');

const named = { jobs_per_month: 'jobs this month', calls_per_day: 'calls today', calls_per_minute: 'calls a minute' } as const;
const shown = ({ used, allowed, of }: Used) => `${used} of ${allowed} ${named[of]}`;
const percent = (share: number) => `${Math.round(share * 100)}%`;
