/** Limits that the platform's own API enforces, by scope: each holds for every caller in it, and no route is bound by another's. */

import type { ActionContext } from '../../engine/action.ts';
import { stopped } from '../../failures.ts';
import { gatewayOf, type Platform } from '../../platform.ts';
import { operatorApiOf } from '../../operators.ts';
import type { LimitedClass, LimitForm } from '../limit-form.ts';
import { lowClass } from '../limited-class.ts';
import { limitsSeen } from './limits-seen.ts';
import { burstField, endField, limitTarget, limitTargets, rateField, reasonField } from './limits.ts';

const lowScope = `class:${lowClass}`;

export const apiLimitForm: LimitForm = {
  caller: 'caller',
  targets: (platform, to) =>
    scopesOf(platform).flatMap(({ of, target }) => (to === 'essential only' && of !== lowScope ? [] : [target])),
  async chosen(to, { deps }) {
    if (to === 'essential only') return [lowPriority(deps.platform)];
    const { limits } = await operatorApiOf(deps).limits.limits();
    // Where the API holds no limit of a tier, the entitlements do.
    return scopesOf(deps.platform).filter(({ of }) => !of.startsWith('tier:') || Object.hasOwn(limits, of));
  },
  rate: () => rateField,
  values({ perMinute, burst }, now, { why }) {
    const wanted = { [rateField]: String(perMinute), [burstField]: String(perMinute * burst), [endField]: null };
    const isThere = Object.entries(wanted).every(([field, value]) => now.value(field) === value);
    return { ...wanted, [reasonField]: isThere ? now.value(reasonField) : why };
  },
  around,
  measure: limitsSeen,
};

const scopesOf = (platform: Platform): LimitedClass[] =>
  Object.entries(gatewayOf(platform).limits).map(([of, reviewed]) => ({ of, target: limitTarget(of), reviewed }));

/** @throws `Refused`, with what to describe */
function lowPriority(platform: Platform): LimitedClass {
  const found = scopesOf(platform).find(({ of }) => of === lowScope);
  if (found) return found;
  throw stopped(
    'Refused',
    'Routes of low priority have no reviewed limit, so no one knows what half of it is. Nothing was changed: describe it in platform.json as gateway.limits, class:low-priority.',
  );
}

function around(context: ActionContext): ActionContext {
  const { limits } = operatorApiOf(context.deps);
  const { artifacts } = context.deps.systems;
  const system = limitTargets({ limits, artifacts, now: context.deps.now });
  return { ...context, systems: { ...context.systems, 'NQBA API': system } };
}
