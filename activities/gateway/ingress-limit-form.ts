/** Limits as annotations of Ingresses: each binds the whole object, for each address. */

import type { Effect } from '../../workflows/contract/action.ts';
import { targetName } from '../../workflows/contract/action.ts';
import { ingresses } from '../connectors/network-resources.ts';
import type { ActionContext } from '../engine/action.ts';
import { readTarget } from '../engine/writing.ts';
import { gatewayOf } from '../platform.ts';
import type { Limited, LimitForm } from './limit-form.ts';
import { limitedClasses, lowClass, lowPriority, rateField, refuseShared, valuesOf } from './limited-class.ts';

export const ingressLimitForm: LimitForm = {
  caller: 'address',
  targets: (platform, to) =>
    limitedClasses(platform).flatMap(({ of, target }) => (to === 'essential only' && of !== lowClass ? [] : [target])),
  async chosen(to, { deps: { platform }, kubernetes }) {
    if (to === 'reviewed') return limitedClasses(platform);
    const low = lowPriority(platform);
    const { namespace = '', name } = low.target;
    refuseShared(await kubernetes.read(ingresses, { namespace, name }), gatewayOf(platform));
    return [low];
  },
  rate: rateField,
  values: (limit, _, { gateway }) => valuesOf(gateway, limit),
  around: context => context,
  measure: (classes, _, context) => measured(classes, context),
};

/** Read once more. Whether calls are refused shows from outside only. @throws SystemError */
async function measured(classes: Limited[], context: ActionContext): Promise<Effect> {
  const field = rateField(gatewayOf(context.deps.platform));
  const each = await Promise.all(
    classes.map(
      async ({ target }) => `${targetName(target)} says ${(await readTarget(context, target)).value(field) ?? 'no limit'}.`,
    ),
  );
  return { measured: 'part', text: `${each.join(' ')} Whether its controller refuses calls above that was not measured.` };
}
