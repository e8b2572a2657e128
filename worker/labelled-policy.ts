/** The bounds of the worker at workloads that only an alert names: their permission has no names, so the cluster itself holds it to them. */

import { labelledPlaces } from '../activities/labelled-workloads.ts';
import { allWorkloads, type Platform } from '../activities/platform.ts';
import { workloadResources } from '../activities/connectors/workload-resources.ts';

/** Fields of a container that decide what runs, how, and with which access. Resources are not among them. */
const ofContainers = [
  'name',
  'image',
  'imagePullPolicy',
  'command',
  'args',
  'workingDir',
  'ports',
  'env',
  'envFrom',
  'volumeMounts',
  'volumeDevices',
  'securityContext',
  'lifecycle',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
];

/** The same of a pod, and where it runs and what it reaches by which name. */
const ofPods = [
  'initContainers',
  'volumes',
  'serviceAccountName',
  'automountServiceAccountToken',
  'securityContext',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'hostUsers',
  'shareProcessNamespace',
  'runtimeClassName',
  'nodeName',
  'nodeSelector',
  'affinity',
  'tolerations',
  'topologySpreadConstraints',
  'schedulerName',
  'priorityClassName',
  'imagePullSecrets',
  'hostAliases',
  'dnsPolicy',
  'dnsConfig',
  'hostname',
  'subdomain',
  'enableServiceLinks',
  'terminationGracePeriodSeconds',
];

/** How its pods are replaced, and whether their volumes go with them. */
const ofWorkloads = ['strategy', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy'];

const quoted = (texts: string[]) => JSON.stringify(texts);

const pod = (object: string) => `${object}.spec.template.spec`;

/** In CEL. */
function expressions(platform: Platform) {
  const described = allWorkloads(platform).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
  const allowed = labelledPlaces(platform).map(({ kind, namespace }) => `${kind} ${namespace}`);
  const same = [
    ...ofContainers.map(field => {
      const values = (object: string) => `${pod(object)}.containers.map(c, c.?${field})`;
      return `${values('object')} == ${values('oldObject')}`;
    }),
    ...ofPods.map(field => `${pod('object')}.?${field} == ${pod('oldObject')}.?${field}`),
    ...ofWorkloads.map(field => `object.spec.?${field} == oldObject.spec.?${field}`),
    'object.spec.template.?metadata.?labels == oldObject.spec.template.?metadata.?labels',
  ];
  return {
    isDescribed: `(request.kind.kind + ' ' + request.namespace + '/' + request.name) in ${quoted(described)}`,
    isAllowed: `(request.kind.kind + ' ' + request.namespace) in ${quoted(allowed)}`,
    runsTheSame: same.join(' && '),
  };
}

/** None where the description allows none. `user`: the worker, as the API server calls it. */
export function labelledPolicy(platform: Platform, name: string, user: string): object[] {
  if (platform.labelledWorkloads.length === 0) return [];
  const { isDescribed, isAllowed, runsTheSame } = expressions(platform);
  const resources = Object.values(workloadResources).map(({ plural }) => plural);
  const rule = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources };
  const metadata = { name: `${name}-labelled-workloads` };
  const api = { apiVersion: 'admissionregistration.k8s.io/v1', metadata };
  return [
    {
      ...api,
      kind: 'ValidatingAdmissionPolicy',
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule] },
        matchConditions: [{ name: 'the-runbooks-worker', expression: `request.userInfo.username == ${JSON.stringify(user)}` }],
        variables: [
          { name: 'isDescribed', expression: isDescribed },
          { name: 'isAllowed', expression: isAllowed },
          { name: 'runsTheSame', expression: runsTheSame },
        ],
        validations: [
          {
            expression: 'variables.isDescribed || variables.isAllowed',
            message: `${name} changes workloads that the platform description names, and those of the kinds and namespaces of its labelledWorkloads.`,
            reason: 'Forbidden',
          },
          {
            expression: 'variables.isDescribed || variables.runsTheSame',
            message: `${name} changes replicas, resources and annotations of a workload that only an alert names, never what runs in it, where, or with which access.`,
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      ...api,
      kind: 'ValidatingAdmissionPolicyBinding',
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ];
}
