/** Limits of the edge: annotations of Ingresses, those that no controller reads included. */

import { ingresses } from '../connectors/network-resources.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { gatewayOf, limitedIngresses, type Placed } from '../platform.ts';
import type { Gateway } from '../platform/gateway.ts';
import type { LimitsFacts } from './facts.ts';
import { judged } from './limits-judged.ts';

/** The names that ingress-nginx has for them; others of the same sound limit nothing. */
const known = { perMinute: 'limit-rpm', burst: 'limit-burst-multiplier' } as const;
const unread = ['rate-limit', 'rate-limit-window'];

/** @throws SystemError */
export async function edgeLimits(deps: Deps): Promise<Finding<LimitsFacts>> {
  const { kubernetes } = deps.systems;
  const gateway = gatewayOf(deps.platform);
  const places = limitedIngresses(deps.platform);
  if (places.size === 0)
    return { verdict: 'healthy', evidence: 'The edge: no Ingress limits calls here, and none is described.' };
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const read = async ([of, place]: [string, Placed]) => {
    const found = await readIfAny(kubernetes, ingresses, place);
    return found ? faultsOf(of, place.name, found.metadata.annotations ?? {}, gateway) : absent(of, place.name);
  };
  const each = await Promise.all([...places].map(read));
  const names = [...places.values()].map(({ name }) => name).join(', ');
  return judged('The edge', each, `${names} as reviewed.`);
}

interface Layer {
  differing: string[];
  withoutEffect: string[];
  says: string[];
}

const absent = (of: string, name: string): Layer => ({
  differing: [],
  withoutEffect: [`class:${of}`],
  says: [`Ingress ${name} does not exist`],
});

function faultsOf(of: string, name: string, annotations: Record<string, string>, gateway: Gateway): Layer {
  const prefix = gateway.ingress?.annotations ?? '';
  const useless = unread.filter(key => annotations[`${prefix}/${key}`] !== undefined);
  const reviewed = gateway.limits[`class:${of}`];
  const [rate, burst] = [annotations[`${prefix}/${known.perMinute}`], annotations[`${prefix}/${known.burst}`]];
  const differs = rate !== undefined && reviewed && (rate !== String(reviewed.perMinute) || burst !== String(reviewed.burst));
  const isMissing = rate === undefined && reviewed !== undefined;
  return {
    differing: differs ? [`class:${of}`] : [],
    withoutEffect: [...useless, ...(isMissing ? [`class:${of}`] : [])],
    says: [
      ...useless.map(key => `annotation ${key} of ${name} is known to no controller`),
      ...(isMissing ? [`Ingress ${name} limits nothing, reviewed are ${reviewed.perMinute} a minute`] : []),
      ...(differs
        ? [`Ingress ${name} limits ${rate} a minute (burst ${burst ?? 'not set'}), not ${reviewed.perMinute} (${reviewed.burst})`]
        : []),
    ],
  };
}
