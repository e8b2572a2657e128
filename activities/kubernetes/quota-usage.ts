/** How much of the ResourceQuotas is used up: what is left is the room for new pods. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Quota, quotas } from '../connectors/resources.ts';
import type { UsageFacts } from '../facts.ts';
import { allNamespaces, type Platform } from '../platform.ts';
import { quantity } from '../engine/quantities.ts';
import { judgeShares, type Used } from './shares.ts';

/** @throws SystemError */
export async function quotasUsed(kubernetes: Kubernetes, platform: Platform, below: number): Promise<Finding<UsageFacts>> {
  const namespaces = allNamespaces(platform);
  const found = await Promise.all(namespaces.map(namespace => kubernetes.list(quotas, namespace)));
  return judgeQuotas(found.flat(), namespaces, below);
}

/** Without a quota nothing is used up. */
export function judgeQuotas(quotas: Quota[], namespaces: string[], below: number): Finding<UsageFacts> {
  if (quotas.length === 0) return { verdict: 'healthy', evidence: `No ResourceQuota limits ${namespaces.join(', ')}.` };
  const isMeasured = ({ status }: Quota) => Object.keys(status.hard).length > 0;
  const measured = quotas.filter(isMeasured);
  const unmeasured = quotas.filter(quota => !isMeasured(quota)).map(nameOf);
  const counted = measured.length === 1 ? '1 quota' : `${measured.length} quotas`;
  return judgeShares({ used: measured.flatMap(usedOf), counted, unmeasured }, below);
}

const nameOf = ({ metadata: { namespace, name } }: Quota) => `${namespace}/${name}`;

/** A bound of zero forbids: nothing of it can be used up. */
function usedOf(quota: Quota): Used[] {
  const { hard, used } = quota.status;
  return Object.entries(hard).flatMap(([resource, bound]): Used[] => {
    const [of, now] = [quantity(bound), quantity(used[resource] ?? '0')];
    if (!(of > 0) || !Number.isFinite(now)) return [];
    return [{ object: nameOf(quota), named: nameOf(quota), what: resource, used: now, of, resource }];
  });
}
