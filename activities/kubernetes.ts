/** The cluster: what was changed on it, what we change, and taking that back. */

import type { Finding } from '../workflows/contract/index.ts';
import { checking } from './checking.ts';
import { placing } from './labelled-workloads.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';
import { checkConfigMap, type ConfigMapInput } from './kubernetes/config-map.ts';
import { deletePods } from './kubernetes/delete-pods.ts';
import { giveBackReplica } from './kubernetes/give-back-replica.ts';
import { compareManifests, type CompareInput } from './kubernetes/manifests/compare.ts';
import { saveManifests } from './kubernetes/manifests/save.ts';
import { checkNodes } from './kubernetes/nodes.ts';
import { checkPods } from './kubernetes/pods.ts';
import { raiseFloor } from './kubernetes/raise-floor.ts';
import { restart } from './kubernetes/restart.ts';
import { rollBack } from './kubernetes/roll-back.ts';
import { checkScaling } from './kubernetes/scaling.ts';
import { checkRolloutStatus } from './kubernetes/rollout-status.ts';
import { setConfigMap } from './kubernetes/set-config-map.ts';
import { setResources } from './kubernetes/set-resources.ts';
import { checkServices, type ServicesInput } from './kubernetes/services.ts';
import { checkUsage } from './kubernetes/usage.ts';
import { checkPolicies } from './network-policies.ts';
import { checkSecret, type KeyOf } from './quantum/key/secret.ts';
import { useSecret } from './quantum/key/use-secret.ts';
import { checkRollouts } from './rollouts.ts';
import { takingBack, type UndoOf } from './take-back.ts';

/** By their names, so that undo finds them. */
export const kubernetesActions = {
  giveBackReplica,
  raiseFloor,
  restart,
  rollBack,
  setConfigMap,
  setResources,
  useSecret,
  deletePods,
};

/** A check of workloads, also of those that only the labels of an alert name. */
const ofWorkloads = <I, F extends object>(deps: Deps, check: (deps: Deps, input: I) => Promise<Finding<F>>) =>
  checking(async (given: I): Promise<Finding<F>> => {
    const { deps: placed, input } = await placing(deps, given);
    return check(placed, input);
  });

export const kubernetesActivities = (deps: Deps, undoOf: UndoOf) => ({
  takeBack: takingBack(deps, undoOf),
  giveBackReplica: asActivity(deps, giveBackReplica),
  rollBack: asActivity(deps, rollBack),
  raiseFloor: asActivity(deps, raiseFloor),
  restart: asActivity(deps, restart),
  setConfigMap: asActivity(deps, setConfigMap),
  setResources: asActivity(deps, setResources),
  useSecret: asActivity(deps, useSecret),
  deletePods: asActivity(deps, deletePods),

  /** Checks that the Secret has a key (of Dynex by default), and another one than the workloads use. Reads only. */
  secret: checking((input: { secret: string; of?: KeyOf; differs?: boolean }) => checkSecret(deps, input)),

  /** Checks that NetworkPolicies let the pods of these workloads reach a system: Dynex by default. Reads only. */
  networkPolicies: ofWorkloads(deps, checkPolicies),

  /** `kubectl rollout history`, with who and when, and everything else that may have cut a connection. Reads only. */
  rollouts: ofWorkloads(deps, checkRollouts),

  /** `kubectl get configmap`: the wanted values, and the pods that should read them do. Reads only. */
  configMap: checking((input: ConfigMapInput) => checkConfigMap(deps, input)),

  /** `kubectl rollout status`, once: all its pods are new and available. What still goes on is unknown. Reads only. */
  rolloutStatus: ofWorkloads(deps, checkRolloutStatus),

  /** `kubectl get nodes`: all Ready, none under pressure. Reads only. */
  nodes: checking((_: object) => checkNodes(deps)),

  /** `kubectl get pods`: every workload, unless told which, has the pods it wants, ready; and why not. Of namespaces: every pod that is there. Reads and dry runs only. */
  pods: ofWorkloads(deps, checkPods),

  /** `kubectl top pods`, `kubectl top nodes`, or the quotas: none uses as much of what it may. Reads only. */
  usage: ofWorkloads(deps, checkUsage),

  /** `kubectl get svc`, `kubectl get ingress`: each leads to pods that are ready, with certificates that last. Reads only. */
  services: checking((input: ServicesInput) => checkServices(deps, input)),

  /** `kubectl get deployments -o yaml`, kept by its digest; what looks like a secret is hidden. A server-side dry run proves that it restores. On the platform it reads and tries only. */
  saveManifests: checking((_: object) => saveManifests(deps)),

  /** `kubectl diff` of what was saved: each field that is another. Reads only. */
  compareManifests: checking((input: CompareInput) => compareManifests(deps, input)),

  /** `kubectl get hpa`: none is at its ceiling, wants other replicas than there are, or is blind. Reads only. */
  scaling: checking((_: object) => checkScaling(deps)),
});
