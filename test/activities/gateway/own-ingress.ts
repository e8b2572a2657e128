/** A platform whose routes of low priority share the one Ingress, and may get one of their own. */

import type { Stage } from '../stage.ts';
import { at } from '../stage.ts';
import type { Platform } from '../../../activities/platform.ts';
import { rightsNeeded } from '../../../worker/doctor/rights-needed.ts';

const ownName = 'nqba-platform-own';
export const own = at.ingress.replace(/[^/]+$/, ownName);

export function sharingPlatform({ platform }: Pick<Stage, 'platform'>): Platform {
  const { gateway } = platform;
  if (!gateway?.ingress) throw new Error('The platform has no Ingress');
  const ingress = { ...gateway.ingress, objects: { all: 'nqba-platform-ingress' }, own: ownName };
  return { ...platform, gateway: { ...gateway, ingress } };
}

const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/nqba-platform';
const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'own-ingress' };

/** What `runbooks rights` prints for that name, given to the worker; and the Ingress of these routes is gone. */
export async function shared(on: Stage): Promise<Platform> {
  const platform = sharingPlatform(on);
  const verbs = rightsNeeded(platform).flatMap(({ name, verb }) => (name === ownName ? [verb] : []));
  const rules = [{ apiGroups: ['networking.k8s.io'], resources: ['ingresses'], resourceNames: [ownName], verbs }];
  const metadata = { name: role.name, namespace: 'nqba-platform' };
  await on.you.create(`${rbac}/roles`, { metadata, rules });
  const subjects = [{ apiGroup: role.apiGroup, kind: 'User', name: 'nqba-runbooks' }];
  await on.you.create(`${rbac}/rolebindings`, { metadata, roleRef: role, subjects });
  return platform;
}

export async function noLongerShared(on: Stage): Promise<void> {
  for (const kind of ['rolebindings', 'roles']) await on.you.remove(`${rbac}/${kind}/${role.name}`);
  await on.you.remove(own).catch(() => undefined);
}
