/** Limits of the edge: annotations of Ingresses, those that no controller reads included. */

import { ingresses } from '../connectors/network-resources.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { holdersIn } from '../engine/holders.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { gatewayOf, limitedIngresses, type Placed } from '../platform.ts';
import type { Gateway } from '../platform/gateway.ts';
import type { LimitsFacts } from './facts.ts';
import { judged, type LayerFaults } from './limits-judged.ts';
import { oursFor } from './ours.ts';

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
  const names = [...places.values()].flatMap(({ name }, index) => (each[index]?.ours ? [] : [name]));
  return judged('The edge', each, names.length > 0 ? `${names.join(', ')} as reviewed.` : '');
}

const absent = (of: string, name: string): LayerFaults => ({
  differing: [],
  withoutEffect: [`class:${of}`],
  says: [`Ingress ${name} does not exist`],
});

function faultsOf(of: string, name: string, annotations: Record<string, string>, gateway: Gateway): LayerFaults {
  const useless = unread.filter(key => annotations[annotationOf(key, gateway.ingress)] !== undefined);
  const { withoutEffect = [], says, ...rest } = rateOf(of, name, annotations, gateway);
  return {
    ...rest,
    withoutEffect: [...useless, ...withoutEffect],
    says: [...useless.map(key => `annotation ${key} of ${name} is known to no controller`), ...says],
  };
}

/** A limit of ours is evidence of nothing. */
function rateOf(of: string, name: string, annotations: Record<string, string>, { limits, ingress }: Gateway): LayerFaults {
  const [rateName, burstName] = [annotationOf(known.perMinute, ingress), annotationOf(known.burst, ingress)];
  const [rate = null, burst = null] = [annotations[rateName], annotations[burstName]];
  const reviewed = limits[`class:${of}`];
  if (!reviewed || (rate === String(reviewed.perMinute) && burst === String(reviewed.burst))) return { says: [] };
  if (rate === null)
    return {
      withoutEffect: [`class:${of}`],
      says: [`Ingress ${name} limits nothing, reviewed are ${reviewed.perMinute} a minute`],
    };
  const is = `Ingress ${name} limits ${rate} a minute`;
  const incident = oursFor(holdersIn(annotations), { [`annotation ${rateName}`]: rate, [`annotation ${burstName}`]: burst });
  if (incident !== undefined) return { ours: [`${is}, for incident ${incident}`], says: [] };
  return {
    differing: [`class:${of}`],
    says: [`${is} (burst ${burst ?? 'not set'}), not ${reviewed.perMinute} (${reviewed.burst})`],
  };
}

const annotationOf = (key: string, ingress: Gateway['ingress']) => `${ingress?.annotations ?? ''}/${key}`;
