/** Limits that the platform's own code enforces: its API, and the keys of a ConfigMap. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import type { RateLimit } from '../connectors/operator-api/limits.ts';
import { configMaps } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { configMapCalled, gatewayOf } from '../platform.ts';
import type { Gateway } from '../platform/gateway.ts';
import { operatorApiOf } from './access-lines.ts';
import type { LimitsFacts } from './facts.ts';
import { judged, type LayerFaults } from './limits-judged.ts';

/** @throws SystemError */
export async function apiLimits(deps: Deps): Promise<Finding<LimitsFacts>> {
  const { limits } = await operatorApiOf(deps).limits.limits();
  const gateway = gatewayOf(deps.platform);
  const set = Object.entries(limits).filter(([scope]) => !scope.startsWith('address:'));
  const lasting = set.filter(([, { until }]) => until === null);
  const passing = set.length - lasting.length;
  const faults = [...lasting.map(([scope, limit]) => differing(scope, limit, gateway)), ...missing(limits, gateway)];
  const ends = passing > 0 ? `, and ${passing} that end by themselves` : '';
  return judged('The API', faults.flat(), `${lasting.length} limits as reviewed${ends}.`);
}

/** Where the API limits, each reviewed tier must stand there; else the entitlements hold them. */
const missing = (limits: Record<string, RateLimit>, { form, limits: reviewed }: Gateway): LayerFaults[] =>
  form === 'ingress'
    ? []
    : Object.keys(reviewed)
        .filter(scope => !scope.startsWith('tier:') && limits[scope] === undefined)
        .map(scope => ({ withoutEffect: [scope], says: [`${scope} is limited by nothing`] }));

function differing(scope: string, { per_minute, reason }: RateLimit, { limits }: Gateway): LayerFaults[] {
  const reviewed = limits[scope];
  if (reviewed?.perMinute === per_minute) return [];
  const wanted = reviewed ? `not ${reviewed.perMinute}` : 'which no one has reviewed';
  return [{ differing: [scope], says: [`${scope} is ${per_minute} a minute, ${wanted} (${reason || 'without a reason'})`] }];
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
