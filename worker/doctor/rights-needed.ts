/** Every call of the API server that activities make, and which of them make it. */

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
  type Placed,
  type Platform,
  secretCalled,
} from '../../activities/platform.ts';
import type { ShippedName } from '../../workflows/catalog/activities.ts';

export interface Right {
  verb: string;
  group?: string;
  resource: string;
  subresource?: string;
  /** Empty for what belongs to the cluster. */
  namespace: string;
  name?: string;
  /** The activities that make the call; `all changes`: the hold is read before each. */
  usedBy: Users;
}

type Users = readonly ShippedName[] | 'all changes';
type Kind = Pick<Right, 'group' | 'resource' | 'subresource'>;

/** They start pods again, so quota, admission and other owners of the workload are asked first. */
const rolling: ShippedName[] = [
  ...(['setFallback', 'setShare', 'setIntake', 'setPinning', 'useSecret', 'giveBackReplica'] as const),
  ...(['restart', 'rollBack', 'raiseFloor', 'setConfigMap', 'setResources'] as const),
];
const changingKeys: ShippedName[] = ['setFallback', 'setShare', 'setIntake', 'setPinning', 'setConfigMap', 'setCharging'];
const askingPods: ShippedName[] = ['solvers', 'queue', 'jobs', 'canary', 'login', 'settings', 'loginFailures', 'unlockAccounts'];
const workloadChecks: ShippedName[] = ['rollouts', 'rolloutStatus', 'pods', 'usage', 'networkPolicies'];
const keyChecks: ShippedName[] = ['secret', 'dynexKey', 'keyVersions'];
/** They look for what changed, and for what a rollback would need: other kinds of objects than their own, each by its name. */
const lookingBack: ShippedName[] = ['rollouts', 'rollBack'];

/** Public texts too: each is published only while its claim is true. */
const configMapReaders: ShippedName[] = ['configMap', 'limits', 'recovered', 'cluster', 'setStatusPage', 'tellCustomers'];

const hpas = { group: 'autoscaling', resource: 'horizontalpodautoscalers' };
const ingresses = { group: 'networking.k8s.io', resource: 'ingresses' };
const cronJobs = { group: 'batch', resource: 'cronjobs' };
const inCore = (resource: string): Kind => ({ resource });
const ofPods = (subresource: string): Kind => ({ resource: 'pods', subresource });

/** In each namespace of the description. */
const inNamespaces: [verb: string, kind: Kind, usedBy: ShippedName[]][] = [
  ['list', inCore('pods'), [...rolling, ...workloadChecks, ...keyChecks, ...askingPods, 'logs', 'stuckJobs', 'configMap']],
  ['list', { group: 'apps', resource: 'replicasets' }, [...rolling, 'rollouts', 'rolloutStatus', 'pods']],
  // Whoever may list them sees no more by this, and a name that does not exist is told as such, not as forbidden.
  ['get', { group: 'apps', resource: 'deployments' }, [...rolling, ...workloadChecks, ...keyChecks, 'keyAge', 'configMap']],
  ['get', hpas, [...rolling, 'pods', 'rollouts']],
  ['list', hpas, [...rolling, 'scaling', 'saveManifests', 'compareManifests']],
  ['list', { group: 'autoscaling.k8s.io', resource: 'verticalpodautoscalers' }, ['setResources']],
  ['list', { group: 'argoproj.io', resource: 'rollouts' }, rolling],
  ['list', { group: 'networking.k8s.io', resource: 'networkpolicies' }, ['networkPolicies', 'rollouts']],
  ['list', { group: 'apps', resource: 'deployments' }, ['saveManifests', 'compareManifests']],
  ['list', { group: 'batch', resource: 'jobs' }, ['backups', 'setCharging', 'chargingRuns']],
  ['list', cronJobs, ['backups']],
  ['get', ofPods('log'), ['logs']],
  ['list', inCore('services'), ['services']],
  ['list', { group: 'discovery.k8s.io', resource: 'endpointslices' }, ['services']],
  ['list', ingresses, ['services', 'rollouts']],
  ['list', inCore('resourcequotas'), [...rolling, 'usage', 'quotas']],
  ['get', inCore('configmaps'), lookingBack],
  ['list', inCore('events'), ['pods', 'raiseFloor']],
  ['list', { group: 'metrics.k8s.io', resource: 'pods' }, ['usage']],
  ['get', inCore('pods'), ['deletePods']],
  ['create', inCore('pods'), [...rolling, 'pods']],
  ['create', ofPods('eviction'), ['deletePods']],
];

const ofTheCluster: Right[] = [
  { verb: 'list', resource: 'nodes', namespace: '', usedBy: ['nodes', 'usage'] },
  { verb: 'list', resource: 'pods', namespace: '', usedBy: ['pods'] },
  { verb: 'list', group: 'metrics.k8s.io', resource: 'nodes', namespace: '', usedBy: ['usage'] },
];

export function rightsNeeded(platform: Platform): Right[] {
  const labelled = labelledPlaces(platform);
  const namespaces = [...new Set([...allNamespaces(platform), ...labelled.map(({ namespace }) => namespace)])];
  return [
    ...workloadRights(platform),
    ...allConfigMaps(platform).flatMap(place => [
      named('get', inCore('configmaps'), place, [...changingKeys, ...configMapReaders, ...lookingBack]),
      named('patch', inCore('configmaps'), place, changingKeys),
    ]),
    ...ingressRights(platform),
    ...(platform.billing ? chargingRights(platform) : []),
    named('get', inCore('configmaps'), holdConfigMap(platform), 'all changes'),
    ...secretRights(platform),
    ...namespaces.flatMap(namespace => inNamespaces.map(([verb, kind, usedBy]) => ({ verb, ...kind, namespace, usedBy }))),
    // Only the labels of an alert name them: a policy of the cluster bounds what this permits.
    ...labelled.flatMap(({ kind, namespace }) =>
      ['get', 'list', 'patch'].map(verb => ({ verb, ...inApps(kind), namespace, usedBy: [...rolling, ...workloadChecks] })),
    ),
    ...ofTheCluster,
  ];
}

function workloadRights(platform: Platform): Right[] {
  const placed = allWorkloads(platform);
  return [
    ...placed.map(({ kind, namespace, name }) =>
      named('get', inApps(kind), { namespace, name }, [...rolling, ...workloadChecks, ...keyChecks, 'keyAge', 'configMap']),
    ),
    ...placed.flatMap(({ namespace, hpa: name }) =>
      name
        ? [
            named('get', hpas, { namespace, name }, [...rolling, 'pods', 'rollouts']),
            named('patch', hpas, { namespace, name }, ['raiseFloor']),
          ]
        : [],
    ),
    ...placed.map(({ kind, namespace, name }) => named('patch', inApps(kind), { namespace, name }, rolling)),
  ];
}

/** A Job has another name at each run, so the right to suspend one is given for all of its namespace. */
function chargingRights(platform: Platform): Right[] {
  const place = chargingCronJob(platform);
  return ['get', 'patch'].flatMap(verb => [
    named(verb, cronJobs, place, verb === 'get' ? ['setCharging', 'chargingRuns'] : ['setCharging']),
    { verb, group: 'batch', resource: 'jobs', namespace: place.namespace, usedBy: ['stopRuns'] as const },
  ]);
}

function ingressRights(platform: Platform): Right[] {
  const limiting: ShippedName[] = ['setLimit', 'blockSources'];
  const own = ownIngress(platform);
  return [
    ...[...limitedIngresses(platform).values()].flatMap(place => [
      named('get', ingresses, place, [...limiting, 'limits', 'login', 'loginFailures']),
      named('patch', ingresses, place, limiting),
    ]),
    // It is created under its name, by a server-side apply: so the right to create can be given by name too.
    ...(own ? ['get', 'patch', 'create', 'delete'].map(verb => named(verb, ingresses, own, limiting)) : []),
  ];
}

function secretRights(platform: Platform): Right[] {
  const ofDynex = keySecrets(platform).map(secret => secretCalled(platform, secret));
  return [
    ...ofDynex.map(place => secretRight(place, [...keyChecks, 'keyAge', 'recovered', 'useSecret', 'setFallback', 'setShare'])),
    ...credentialSecrets(platform).map(place => secretRight(place, ['useSecret', 'secret'])),
    ...allCertificates(platform).map(place => secretRight(place, ['services'])),
  ];
}

const secretRight = (place: Placed, usedBy: ShippedName[]) => named('get', inCore('secrets'), place, [...usedBy, ...lookingBack]);

const named = (verb: string, kind: Kind, { namespace, name }: Placed, usedBy: Users): Right => ({
  verb,
  ...kind,
  namespace,
  name,
  usedBy,
});

const inApps = (kind: WorkloadKind) => ({ group: 'apps', resource: workloadResources[kind].plural });
