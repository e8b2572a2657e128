/** Where the setting sends quantum jobs now: elsewhere than the platform normally does, by its record or by its own description. Pure. */

import { targetName } from '../../../workflows/contract/action.ts';
import type { Finding } from '../../../workflows/contract/finding.ts';
import type { ConfigMap } from '../../connectors/resources.ts';
import { holdersOf, type Values } from '../../engine/holders.ts';
import { type Platform, quantumConfigMap, quantumOf, shareKey } from '../../platform.ts';
import { ofTheSetting } from './draft.ts';

/** Keys whose values send jobs away from Dynex. A record knows what was before; without one the whole fallback must be set. */
export function awayFromDynex({ metadata, data }: ConfigMap, platform: Platform): string[] {
  const { fallback } = quantumOf(platform);
  const before: Values = Object.assign(
    {},
    ...holdersOf({ metadata })
      .filter(ofTheSetting)
      .map(holder => holder.before),
  );
  const set = Object.keys(fallback).filter(key => data[key] === fallback[key]);
  const isWhole = set.length === Object.keys(fallback).length;
  const share = shareKey(platform);
  const isLess = share !== undefined && share in before && Number(data[share] ?? 100) < Number(before[share] ?? 100);
  return [...set.filter(key => (key in before ? before[key] !== fallback[key] : isWhole)), ...(isLess ? [share] : [])];
}

/** Healthy if the setting lets jobs go to Dynex at all, whatever was measured. */
export function judgeDirection(configMap: ConfigMap, platform: Platform): Finding {
  const place = targetName({ kind: 'ConfigMap', ...quantumConfigMap(platform) });
  const keys = awayFromDynex(configMap, platform);
  if (keys.length === 0) return { verdict: 'healthy', evidence: `${place} sends jobs to Dynex.` };
  const says = keys.map(key => `${key}=${configMap.data[key]}`).join(', ');
  return { verdict: 'faulty', evidence: `The circuit breaker is open: ${place} says ${says}.` };
}
