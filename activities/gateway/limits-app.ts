/** Limits that the platform's own code enforces: its API, and the keys of a ConfigMap. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import type { RateLimit } from '../connectors/operator-api/limits.ts';
import { configMaps } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { holdersIn } from '../engine/holders.ts';
import { storedRecords } from '../engine/stored-records.ts';
import { configMapCalled, gatewayOf } from '../platform.ts';
import type { Gateway } from '../platform/gateway.ts';
import { operatorApiOf } from '../operators.ts';
import { limitTarget, rateField } from './api/limits.ts';
import type { LimitsFacts } from './facts.ts';
import { judged, type LayerFaults } from './limits-judged.ts';
import { oursFor } from './ours.ts';

/** @throws SystemError */
export async function apiLimits(deps: Deps): Promise<Finding<LimitsFacts>> {
  const { limits } = await operatorApiOf(deps).limits.limits();
  const gateway = gatewayOf(deps.platform);
  const set = Object.entries(limits).filter(([scope]) => !scope.startsWith('address:'));
  const lasting = set.filter(([, { until }]) => until === null);
  const passing = set.length - lasting.length;
  const each = (await Promise.all(lasting.map(([scope, limit]) => differing(scope, limit, deps)))).flat();
  const ours = each.filter(fault => fault.ours !== undefined).length;
  const ends = passing > 0 ? `, and ${passing} that end by themselves` : '';
  return judged('The API', [...each, ...missing(limits, gateway)], `${lasting.length - ours} limits as reviewed${ends}.`);
}

/** Where the API limits, each reviewed tier must stand there; else the entitlements hold them. */
const missing = (limits: Record<string, RateLimit>, { form, limits: reviewed }: Gateway): LayerFaults[] =>
  form === 'ingress'
    ? []
    : Object.keys(reviewed)
        .filter(scope => !scope.startsWith('tier:') && limits[scope] === undefined)
        .map(scope => ({ withoutEffect: [scope], says: [`${scope} is limited by nothing`] }));

/** A limit of ours is evidence of nothing. @throws SystemError */
async function differing(scope: string, { per_minute, reason }: RateLimit, deps: Deps): Promise<LayerFaults[]> {
  const reviewed = gatewayOf(deps.platform).limits[scope];
  if (reviewed?.perMinute === per_minute) return [];
  const is = `${scope} is ${per_minute} a minute`;
  const holders = reviewed ? holdersIn(await storedRecords(deps.systems.artifacts, limitTarget(scope))) : [];
  const incident = oursFor(holders, { [rateField]: String(per_minute) });
  if (incident !== undefined) return [{ ours: [`${is}, for incident ${incident}`], says: [] }];
  const wanted = reviewed ? `not ${reviewed.perMinute}` : 'which no one has reviewed';
  return [{ differing: [scope], says: [`${is}, ${wanted} (${reason || 'without a reason'})`] }];
}

/** @throws SystemError */
export async function settingsOfLimits(deps: Deps): Promise<Finding<LimitsFacts>> {
  const { kubernetes } = deps.systems;
  const { settings } = gatewayOf(deps.platform);
  if (!settings) return { verdict: 'healthy', evidence: 'Settings: the code reads no limits from a ConfigMap.' };
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const place = configMapCalled(deps.platform, settings.configMap);
  const found = await readIfAny(kubernetes, configMaps, place);
  const faults = Object.entries(settings.values).flatMap(([key, wanted]): LayerFaults[] => {
    const is = found?.data[key];
    if (is === wanted) return [];
    return [{ differing: [key], says: [`${key} is ${is === undefined ? 'not set' : is.slice(0, 50)}, not ${wanted}`] }];
  });
  return judged(`ConfigMap ${place.name}`, faults, `${Object.keys(settings.values).length} settings as reviewed.`);
}
