/** The permissions of the worker on a platform as manifests: every call that activities make, by name where it has one, and nothing else. */

import type { Platform } from '../activities/platform.ts';
import { labelledPolicy } from './labelled-policy.ts';
import { type Right, rightsNeeded } from './doctor/rights-needed.ts';

/** The worker as the API server knows it. */
export type Subject = { kind: 'ServiceAccount'; namespace: string; name: string } | { kind: 'User'; name: string };

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const rbac = 'rbac.authorization.k8s.io';
const admission = 'admissionregistration.k8s.io/v1';

/** In the order in which they are applied. */
export function roleManifests(platform: Platform, subject: Subject): object[] {
  const byNamespace = Map.groupBy(narrowest(rightsNeeded(platform)), ({ namespace }) => namespace);
  const { name } = subject;
  const account =
    subject.kind === 'ServiceAccount' ? [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: placed(subject) }] : [];
  const roles = [...byNamespace].flatMap(([namespace, rights]) => {
    const kind = namespace === '' ? 'ClusterRole' : 'Role';
    const metadata = namespace === '' ? { name: `${name}-nodes` } : { name, namespace };
    return [
      { apiVersion: `${rbac}/v1`, kind, metadata, rules: rulesFor(rights) },
      {
        apiVersion: `${rbac}/v1`,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: rbac, kind, name: metadata.name },
        subjects: [subject.kind === 'User' ? { apiGroup: rbac, ...subject } : subject],
      },
    ];
  });
  const user = userOf(subject);
  return [...account, ...roles, ...dryRunsOnly(name, user), ...labelledPolicy(platform, name, user)];
}

/** Without those that a wider one gives too: each that is printed is needed, so the doctor names each that is taken away. */
const narrowest = (rights: Right[]): Right[] => rights.filter(right => !rights.some(other => isWider(other, right)));

const isWider = (other: Right, { namespace, name, ...right }: Right) =>
  (['verb', 'group', 'resource', 'subresource'] as const).every(field => other[field] === right[field]) &&
  (other.namespace === namespace ? other.name === undefined && name !== undefined : other.namespace === '');

const placed = ({ namespace, name }: { namespace: string; name: string }) => ({ namespace, name });

/** Equal ones together: verbs of one object, objects of one kind, kinds of one group. */
function rulesFor(rights: Right[]): Rule[] {
  const objects = Map.groupBy(rights, ({ group = '', resource, subresource, name = '' }) =>
    JSON.stringify([group, subresource === undefined ? resource : `${resource}/${subresource}`, name]),
  );
  const single = [...objects].map(([object, those]) => {
    const [group = '', resource = '', name = '']: string[] = JSON.parse(object);
    return { group, resource, name, verbs: [...new Set(those.map(({ verb }) => verb))].toSorted() };
  });
  const kinds = Map.groupBy(single, ({ group, resource, name, verbs }) => JSON.stringify([group, resource, verbs, name === '']));
  const rules = [...kinds.values()].flatMap(([first, ...others]): Rule[] => {
    if (!first) return [];
    const names = [first, ...others].map(({ name }) => name).filter(name => name !== '');
    const rule = { apiGroups: [first.group], resources: [first.resource], verbs: first.verbs };
    return [names.length > 0 ? { ...rule, resourceNames: names.toSorted() } : rule];
  });
  const wide = Map.groupBy(rules, rule => JSON.stringify(rule.resourceNames ? rule : [rule.apiGroups, rule.verbs]));
  return [...wide.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, resources: [first, ...others].flatMap(({ resources }) => resources) }] : [],
  );
}

const userOf = (subject: Subject) =>
  subject.kind === 'User' ? subject.name : `system:serviceaccount:${subject.namespace}:${subject.name}`;

/** The right to create pods is broad: the cluster itself holds the worker to dry runs. */
function dryRunsOnly(name: string, user: string): object[] {
  const policy = `${name}-dry-runs-only`;
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  return [
    {
      apiVersion: admission,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: policy },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule] },
        matchConditions: [{ name: 'the-runbooks-worker', expression: `request.userInfo.username == ${JSON.stringify(user)}` }],
        validations: [
          {
            expression: 'has(request.dryRun) && request.dryRun',
            message: `${name} creates pods in dry runs only, to ask admission before a rollout.`,
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      apiVersion: admission,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: policy },
      spec: { policyName: policy, validationActions: ['Deny'] },
    },
  ];
}
