/** The permissions of the worker, as the API server itself judges them. The question changes nothing. */

import { z } from 'zod';
import { parsed } from '../../activities/connectors/http.ts';
import { workloadResources } from '../../activities/connectors/workload-resources.ts';
import { labelledPlaces } from '../../activities/labelled-workloads.ts';
import type { WorkloadKind } from '../../activities/platform-schema.ts';
import {
  allCertificates,
  allConfigMaps,
  allNamespaces,
  allWorkloads,
  chargingCronJob,
  credentialSecrets,
  holdConfigMap,
  keySecrets,
  limitedIngresses,
  ownIngress,
  type Platform,
  secretCalled,
} from '../../activities/platform.ts';
import { fault, fine, type Line } from './line.ts';
import type { Sight } from './sight.ts';

export interface Right {
  verb: string;
  group?: string;
  resource: string;
  subresource?: string;
  /** Empty for what belongs to the cluster. */
  namespace: string;
  name?: string;
}

/** Every call that the activities make. */
export function rightsNeeded(platform: Platform): Right[] {
  const placed = allWorkloads(platform);
  const labelled = labelledPlaces(platform);
  const namespaces = [...new Set([...allNamespaces(platform), ...labelled.map(({ namespace }) => namespace)])];
  const hpas = { group: 'autoscaling', resource: 'horizontalpodautoscalers' };
  const list = namespaces.flatMap((namespace): Right[] => [
    { verb: 'list', resource: 'pods', namespace },
    { verb: 'list', group: 'apps', resource: 'replicasets', namespace },
    { verb: 'list', ...hpas, namespace },
    { verb: 'list', group: 'autoscaling.k8s.io', resource: 'verticalpodautoscalers', namespace },
    { verb: 'list', group: 'argoproj.io', resource: 'rollouts', namespace },
    { verb: 'list', group: 'networking.k8s.io', resource: 'networkpolicies', namespace },
    { verb: 'list', group: 'apps', resource: 'deployments', namespace },
    { verb: 'list', group: 'batch', resource: 'jobs', namespace },
    { verb: 'list', group: 'batch', resource: 'cronjobs', namespace },
    { verb: 'get', resource: 'pods', subresource: 'log', namespace },
    { verb: 'list', resource: 'services', namespace },
    { verb: 'list', group: 'discovery.k8s.io', resource: 'endpointslices', namespace },
    { verb: 'list', group: 'networking.k8s.io', resource: 'ingresses', namespace },
    { verb: 'list', resource: 'resourcequotas', namespace },
    { verb: 'get', resource: 'configmaps', namespace },
    { verb: 'list', resource: 'events', namespace },
    { verb: 'list', group: 'metrics.k8s.io', resource: 'pods', namespace },
    { verb: 'get', resource: 'pods', namespace },
    { verb: 'create', resource: 'pods', namespace },
    { verb: 'create', resource: 'pods', subresource: 'eviction', namespace },
  ]);
  return [
    ...placed.map(({ kind, namespace, name }) => ({ verb: 'get', ...inApps(kind), namespace, name })),
    ...placed.flatMap(({ namespace, hpa: name }) =>
      name ? ['get', 'patch'].map(verb => ({ verb, ...hpas, namespace, name })) : [],
    ),
    ...placed.map(({ kind, namespace, name }) => ({ verb: 'patch', ...inApps(kind), namespace, name })),
    ...allConfigMaps(platform).flatMap(place => ['get', 'patch'].map(verb => ({ verb, resource: 'configmaps', ...place }))),
    ...[...limitedIngresses(platform).values()].flatMap(place =>
      ['get', 'patch'].map(verb => ({ verb, group: 'networking.k8s.io', resource: 'ingresses', ...place })),
    ),
    ...ownIngressRights(platform),
    ...(platform.billing ? ['get', 'patch'] : []).map(verb => ({
      verb,
      group: 'batch',
      resource: 'cronjobs',
      ...chargingCronJob(platform),
    })),
    { verb: 'get', resource: 'configmaps', ...holdConfigMap(platform) },
    ...keySecrets(platform).map(secret => ({ verb: 'get', resource: 'secrets', ...secretCalled(platform, secret) })),
    ...credentialSecrets(platform).map(place => ({ verb: 'get', resource: 'secrets', ...place })),
    ...allCertificates(platform).map(place => ({ verb: 'get', resource: 'secrets', ...place })),
    ...list,
    // Only the labels of an alert name them: a policy of the cluster bounds what this permits.
    ...labelled.flatMap(({ kind, namespace }) => ['get', 'list', 'patch'].map(verb => ({ verb, ...inApps(kind), namespace }))),
    { verb: 'list', resource: 'nodes', namespace: '' },
    { verb: 'list', resource: 'pods', namespace: '' },
    { verb: 'list', group: 'metrics.k8s.io', resource: 'nodes', namespace: '' },
  ];
}

/** It is created under its name, by a server-side apply: so the right to create can be given by name too. */
const ownIngressRights = (platform: Platform): Right[] => {
  const place = ownIngress(platform);
  return (place ? ['get', 'patch', 'create', 'delete'] : []).map(verb => ({
    verb,
    group: 'networking.k8s.io',
    resource: 'ingresses',
    ...place,
    namespace: place?.namespace ?? '',
  }));
};

const inApps = (kind: WorkloadKind) => ({ group: 'apps', resource: workloadResources[kind].plural });

const check = 'Rights';

export async function rightsLines(sight: Sight): Promise<Line[]> {
  const rights = rightsNeeded(sight.platform);
  const allowed = await Promise.all(rights.map(right => isAllowed(sight, right)));
  const missing = rights.filter((_, index) => !allowed[index]);
  const who = sight.user ?? 'this account';
  if (allowed.includes('nobody says'))
    return [
      fault(check, `you may not ask what ${who} may do.`, 'Run this with the KUBECONFIG of the worker, and without WORKER_USER.'),
    ];
  if (missing.length === 0) return [fine(check, `${who} may do all ${rights.length} things that incidents need.`)];
  return missing.map(right => fault(check, `${who} may not ${textOf(right)}.`, 'Grant it: runbooks rights prints all of them.'));
}

const textOf = ({ verb, group, resource, subresource, namespace, name }: Right) => {
  const part = subresource === undefined ? '' : `/${subresource}`;
  const what = `${resource}${part}${group ? `.${group}` : ''}${name ? `/${name}` : ''} in ${namespace || 'the cluster'}`;
  if (verb === 'create' && resource === 'pods' && subresource === undefined)
    return `create ${what}, which asks for dry runs only`;
  return `${verb} ${what}`;
};

const review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** One's own rights anyone may ask for; another's only who may read them. */
async function isAllowed({ askCluster, user }: Sight, { group = '', ...right }: Right): Promise<boolean | 'nobody says'> {
  const kind = user ? 'SubjectAccessReview' : 'SelfSubjectAccessReview';
  const api = 'authorization.k8s.io/v1';
  const spec = { ...(user && { user, groups: groupsOf(user) }), resourceAttributes: { group, ...right } };
  const answer = await askCluster(`/apis/${api}/${kind.toLowerCase()}s`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: api, kind, spec }),
  });
  if (answer.status === 403) return 'nobody says';
  return parsed('Kubernetes', review, answer).status.allowed;
}

function groupsOf(user: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  const accounts = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  return ['system:authenticated', ...accounts];
}
