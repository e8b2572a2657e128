/** Objects of the product on a cluster, as `deploy` and `runbooks rights` name them, in the order in which they go. */

import { Stop } from '../errors.ts';
import { holdOf } from '../platform.ts';
import { labelsOf, type ObjectPlace } from './cluster.ts';
import type { Desk } from './desk.ts';
import type { Remaining, Step } from './remaining.ts';
import { line, quoted } from './text.ts';

/** The ServiceAccount of the worker. */
export interface Account {
  namespace: string;
  name: string;
  /** Its name is so common that others may have made it. */
  common?: true;
}

type Object = ObjectPlace & Pick<Account, 'common'>;

const shipped = 'nqba-runbooks';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const admission = '/apis/admissionregistration.k8s.io/v1';
const monitoring = '/apis/monitoring.coreos.com/v1';
const core = '/api/v1';

/** Those of `deploy/kubernetes`, and of `runbooks rights` where no account is given to it. */
export const usualAccounts = (namespace: string): Account[] => [
  { namespace, name: shipped },
  { namespace, name: 'runbooks', common: true },
];

/** The Pod first, because nothing may act without its limits; the hold and the claim last. */
export function ownObjects(desk: Desk, accounts: Account[]): Object[] {
  const { namespaces, gateway } = desk.platform();
  const hold = holdOf(desk.platform());
  const everywhere = [...new Set([hold.namespace, ...Object.values(namespaces)])];
  const installed = (kind: string, api: string, name = shipped): Object => ({ kind, api, namespace: hold.namespace, name });
  const { namespace: role = '', own } = gateway?.ingress ?? {};
  const ingress = { kind: 'Ingress', api: '/apis/networking.k8s.io/v1', namespace: namespaces[role] ?? role };
  return [
    ...(own === undefined ? [] : [{ ...ingress, name: own }]),
    installed('Deployment', '/apis/apps/v1'),
    installed('Deployment', '/apis/apps/v1', `${shipped}-previous`),
    installed('ServiceMonitor', monitoring),
    installed('PrometheusRule', monitoring),
    installed('Service', core),
    installed('PodDisruptionBudget', '/apis/policy/v1'),
    installed('NetworkPolicy', '/apis/networking.k8s.io/v1'),
    ...accounts.flatMap(account => rightsOf(account, everywhere)),
    installed('ConfigMap', core, `${shipped}-settings`),
    installed('ConfigMap', core, `${shipped}-platform`),
    installed('ConfigMap', core, hold.name),
    installed('PersistentVolumeClaim', core, `${shipped}-artifacts`),
  ];
}

/** The policies after the rights that they limit. */
function rightsOf({ namespace: home, name, common }: Account, everywhere: string[]): Object[] {
  const ofCluster = (kind: string, api: string, end: string): Object => ({ kind, api, namespace: '', name: `${name}-${end}` });
  const policies = ['dry-runs-only', 'labelled-workloads'];
  const inEach = (kind: string) =>
    everywhere.map((namespace): Object => ({ kind, api: rbac, namespace, name, ...(common && { common }) }));
  return [
    ...inEach('RoleBinding'),
    ofCluster('ClusterRoleBinding', rbac, 'nodes'),
    ...inEach('Role'),
    ofCluster('ClusterRole', rbac, 'nodes'),
    { kind: 'ServiceAccount', api: core, namespace: home, name, ...(common && { common }) },
    ...policies.map(end => ofCluster('ValidatingAdmissionPolicyBinding', admission, end)),
    ...policies.map(end => ofCluster('ValidatingAdmissionPolicy', admission, end)),
  ];
}

/** Those that are there, each with the command that removes it. */
export async function objectsLeft(desk: Desk, accounts: Account[]): Promise<Omit<Step, 'step'>> {
  const all = ownObjects(desk, accounts);
  const seen = await Promise.all(all.map(object => leftOf(desk, object)));
  const unread = seen.filter(one => typeof one === 'string');
  const [first] = unread;
  return {
    left: seen.flatMap(one => (typeof one === 'string' ? [] : one)),
    unread:
      first !== undefined && unread.length === all.length
        ? [line`None of ${all.length} objects could be read. ${first}`]
        : unread,
  };
}

/** Nothing where it is not there; a sentence where it cannot be read. */
async function leftOf(desk: Desk, object: Object): Promise<Remaining[] | string> {
  const { kind, namespace, name, common } = object;
  const called = line`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  try {
    const labels = await labelsOf(desk, object);
    if (labels === undefined) return [];
    // An Ingress of this name that others made is theirs.
    if (kind === 'Ingress' && labels['app.kubernetes.io/managed-by'] !== shipped) return [];
    const what = common ? `${called} (ours only where runbooks rights made it: look first)` : called;
    return [{ what, command: `${kubectlOn(desk, namespace)} delete ${kind.toLowerCase()} ${quoted(name)}` }];
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return `${called}: ${error.message}`;
  }
}

/** The beginning of each command, on the same cluster. */
export const kubectlOn = (desk: Desk, namespace = ''): string =>
  [
    'kubectl',
    ...(desk.context === undefined ? [] : ['--context', quoted(desk.context)]),
    ...(namespace === '' ? [] : ['-n', quoted(namespace)]),
  ].join(' ');
