/** Limits as annotations of Ingresses: each binds the whole object, for each address. */

import type { Effect } from '../../workflows/contract/action.ts';
import { targetName } from '../../workflows/contract/action.ts';
import { ingresses } from '../connectors/network-resources.ts';
import type { ActionContext } from '../engine/action.ts';
import { readTarget } from '../engine/writing.ts';
import { gatewayOf } from '../platform.ts';
import type { Limited, LimitedClass, LimitForm } from './limit-form.ts';
import { limitedClasses, lowClass, othersIn, rateField, sharing, valuesOf, withoutIngress } from './limited-class.ts';
import { ownClass, ownClassToGo, ownTarget } from './own/own-class.ts';
import { withOwnIngress } from './own/target.ts';

export const ingressLimitForm: LimitForm = {
  caller: 'address',
  targets: (platform, to) => {
    const own = ownTarget(platform);
    const described = limitedClasses(platform).flatMap(({ of, target }) =>
      to === 'essential only' && of !== lowClass ? [] : [target],
    );
    return own ? [...described, own] : described;
  },
  chosen: async (to, context) =>
    to === 'reviewed' ? [...limitedClasses(context.deps.platform), ...(await ownClassToGo(context))] : [await lowAlone(context)],
  rate: rateField,
  values: (limit, _, { gateway }) => valuesOf(gateway, limit),
  around(context) {
    const { kubernetes, deps, systems } = context;
    const [own, others] = [ownTarget(deps.platform), systems.kubernetes];
    if (!own || !others) return context;
    const { artifacts } = deps.systems;
    return { ...context, systems: { ...systems, kubernetes: withOwnIngress(own, { kubernetes, artifacts, others }) } };
  },
  measure: (classes, _, context) => measured(classes, context),
};

/** The Ingress that only routes of low priority have: the described one, else one that is made. @throws `Refused`, SystemError */
async function lowAlone(context: ActionContext): Promise<LimitedClass> {
  const described = limitedClasses(context.deps.platform).find(({ of }) => of === lowClass);
  const refused = described ? await sharedBy(described, context) : withoutIngress();
  if (described && !refused) return described;
  const own = await ownClass(context);
  if (own) return own;
  throw refused ?? withoutIngress();
}

/** Why an Ingress is not for routes of low priority alone; nothing where it is. @throws SystemError */
async function sharedBy({ target }: LimitedClass, { deps, kubernetes }: ActionContext) {
  const { namespace = '', name } = target;
  const object = await kubernetes.read(ingresses, { namespace, name });
  const others = othersIn(object, gatewayOf(deps.platform));
  return others.length > 0 ? sharing(object, others) : undefined;
}

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
