/** Routes of low priority that share their Ingress, as a class with an Ingress of their own: what it would be, and whether it is there. */

import { digestOf } from '../../canonical.ts';
import { ingresses } from '../../connectors/network-resources.ts';
import type { Target } from '../../../workflows/contract/action.ts';
import type { ActionContext } from '../../engine/action.ts';
import { inCluster } from '../../engine/kubernetes-targets.ts';
import { readTarget } from '../../engine/writing.ts';
import { stopped } from '../../failures.ts';
import { gatewayOf, limitedIngresses, ownIngress, type Platform } from '../../platform.ts';
import type { LimitedClass } from '../limit-form.ts';
import { lowClass } from '../limited-class.ts';
import { splitOff } from './split-off.ts';
import { keepMade, routesField, routesOf } from './target.ts';

export function ownTarget(platform: Platform): Target | undefined {
  const place = ownIngress(platform);
  return place && inCluster('Ingress', place);
}

/** Nothing where the description names no such Ingress. @throws `Refused` where it cannot be made, SystemError */
export async function ownClass(context: ActionContext): Promise<LimitedClass | undefined> {
  const { kubernetes, deps } = context;
  const { platform, systems } = deps;
  const gateway = gatewayOf(platform);
  const [target, reviewed] = [ownTarget(platform), gateway.limits[`class:${lowClass}`]];
  const [place] = ['all', lowClass].flatMap(of => limitedIngresses(platform).get(of) ?? []).toReversed();
  if (!target || !reviewed || !place) return undefined;
  const now = await readTarget(context, target);
  const routes = now.value(routesField);
  if (routes !== null && now.holders.length === 0)
    throw refused(`Ingress ${target.name} is there already, and no change of ours made it. Remove it, or name another`);
  if (routes !== null) return { of: lowClass, target, reviewed, own: { [routesField]: routes } };
  const made = splitOff(await kubernetes.read(ingresses, place), gateway);
  if ('refused' in made) throw refused(`${made.refused}. Give the routes of low priority an Ingress of their own by hand`);
  const restsOn = [{ what: `annotations of Ingress ${place.name}, digest`, value: digestOf(made.annotations).slice(0, 16) }];
  return {
    of: lowClass,
    target,
    reviewed,
    own: { [routesField]: routesOf(made) },
    made: await keepMade(systems.artifacts, made),
    restsOn,
  };
}

/** The same for what sets the reviewed limits: only while it is there, as it goes then. @throws SystemError */
export async function ownClassToGo(context: ActionContext): Promise<LimitedClass[]> {
  const { platform } = context.deps;
  const [target, reviewed] = [ownTarget(platform), gatewayOf(platform).limits[`class:${lowClass}`]];
  if (!target || !reviewed) return [];
  const { holders } = await readTarget(context, target);
  return holders.length === 0 ? [] : [{ of: lowClass, target, reviewed, own: { [routesField]: null } }];
}

const refused = (why: string) =>
  stopped(
    'Refused',
    `${why} (gateway.ingress in platform.json). Nothing was changed: an annotation would limit essential routes too.`,
  );
