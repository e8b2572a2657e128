/** The checks of the cluster that a runbook may call, in words. */

import { type Described, workload, workloads } from './described.ts';

type Name =
  | 'secret'
  | 'networkPolicies'
  | 'rollouts'
  | 'configMap'
  | 'rolloutStatus'
  | 'nodes'
  | 'pods'
  | 'usage'
  | 'services'
  | 'scaling'
  | 'saveManifests'
  | 'compareManifests'
  | 'backups';

export const checksOfTheCluster: { readonly [N in Name]: Described<N> } = {
  secret: {
    subject: 'kubernetes',
    does: 'Checks that a Secret has a key, and another one than the workloads use',
    input: {
      secret: 'the name of the Secret',
      of: 'optional; whose key it is',
      differs: 'optional; false where the same key will do',
    },
  },
  networkPolicies: {
    subject: 'kubernetes',
    does: 'Checks that NetworkPolicies let these pods reach a system',
    input: { workloads, to: "optional; 'dynex' or 'ipfs': the system" },
  },
  rollouts: {
    subject: 'kubernetes',
    does: 'Lists what was changed before a time, with who and when',
    input: {
      workloads,
      before: 'RFC 3339; when the alert fired',
      alert: 'optional; its name: what counts is then before its rule first held, as Prometheus has it',
      backTo: 'optional; true also says which revision a rollback of what was rolled out would go back to',
    },
  },
  configMap: {
    subject: 'kubernetes',
    does: 'Checks that a ConfigMap has the wanted values, and that the pods read them that should',
    input: {
      configMap: 'a ConfigMap, as platform.json calls it',
      expected: 'a text for each key; null where it should not be there',
    },
  },
  rolloutStatus: {
    subject: 'kubernetes',
    does: 'Checks that the last rollout of a workload is complete, as `kubectl rollout status`',
    input: { workload },
  },
  nodes: { subject: 'kubernetes', does: 'Checks that all nodes are Ready and none is under pressure', input: {} },
  pods: {
    subject: 'kubernetes',
    does: 'Checks that workloads have the pods that they want, ready; and why not',
    input: {
      workloads: 'optional; all',
      freeze: 'optional; the name under which the unhealthy pods are frozen for an action',
      admission: 'optional; only whether anything stands in the way of new pods',
      namespaces: "instead of these; every pod of a namespace, as platform.json calls it, or of 'all'",
      around: 'instead of these; the pods of the `subject` that an alert names in a `namespace`, else of the namespace',
    },
  },
  usage: {
    subject: 'kubernetes',
    does: 'Checks that no container reaches a share of its limit, else of its request, or is held back by its CPU limit in that share of its periods; no node that share of what it may give, or no ResourceQuota of its bounds',
    input: {
      of: "'pods', 'throttling', 'nodes' or 'quota'",
      workloads: 'for pods and throttling: workloads, as platform.json calls them',
      below: 'ratio, 0 to 1',
    },
  },
  services: {
    subject: 'kubernetes',
    does: 'Checks that each Service has a ready endpoint, or each Ingress an address, Services behind it, and a certificate for 14 more days',
    input: { kind: "'service' or 'ingress'" },
  },
  scaling: {
    subject: 'kubernetes',
    does: 'Checks that no autoscaler is at its ceiling, wants other replicas than there are, or misses a metric',
    input: {},
  },
  saveManifests: {
    subject: 'kubernetes',
    does: 'Saves the Deployments and autoscalers of the platform in the artifact store, by their digest; what looks like a secret is hidden',
    input: {},
  },
  compareManifests: {
    subject: 'kubernetes',
    does: 'Checks that Deployments and autoscalers are as they were saved, field by field',
    input: { with: 'the digest of those that were saved' },
  },
  backups: {
    subject: 'database',
    does: 'Checks that a Job with backup in its name succeeded lately, and the automated snapshots of the RDS instance where one is connected; what is not there is unknown',
    input: { youngerThan: 'hours' },
  },
};
