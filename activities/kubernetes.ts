/** The cluster: what was changed on it, and taking back what we have changed. */

import type { Call, Outcome, TakeBack, Workload } from '../workflows/contract/index.ts';
import { checking } from './checking.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { crossing, stopped } from './failures.ts';
import { incidentOf, slugOf } from './guard.ts';
import { takeBackKey } from './key/give-back.ts';
import { checkSecret } from './key/secret.ts';
import { useSecret } from './key/use.ts';
import { checkNodes } from './kubernetes/nodes.ts';
import { checkPods } from './kubernetes/pods.ts';
import { checkUsage, type UsageInput } from './kubernetes/usage.ts';
import { checkPolicies } from './network-policies.ts';
import { giveBackReplica } from './replica/give.ts';
import { returnReplica } from './replica/return.ts';
import { keyWorkloads, type Platform, quantumConfigMap } from './platform.ts';
import { checkRollouts } from './rollouts.ts';
import { runningOf } from './running.ts';
import { change } from './setting/change.ts';
import { takingBack } from './setting/fallback.ts';
import { objectName } from './setting/view.ts';

export const kubernetesActivities = (deps: Deps) => ({
  /**
   * Restores what the record on the object says, and restarts who reads it. A person has ordered it: only a hold stops it.
   * Twice equals once: with the record gone nothing is left to take back.
   */
  takeBack: crossing(async ({ takeBack: record }: { takeBack: TakeBack }, call: Call): Promise<Outcome> => {
    const { kubernetes } = deps.systems;
    if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
    if (!isKnown(record, deps.platform)) throw unknownObject(record);
    const errand = { incidents: [incidentOf(call.key), incidentOf(record.key)] };
    const around = { kubernetes, deps, running: runningOf(deps), call };
    if (record.kind === 'Deployment')
      return (await returnReplica(record, errand, around)) ?? (await takeBackKey(record, errand, around));
    return change(takingBack(deps.platform, { record, errand }), around);
  }),

  /**
   * Where the quota refuses the rollout of these workloads, one that runs quantum jobs does with a replica less: `kubectl scale`,
   * the autoscaler's floor first. Always asked. Twice equals once: counts are stated whole, and the record says that it is done.
   */
  giveBackReplica: crossing(async (input: { for: Workload[] }, call: Call): Promise<Outcome> => {
    const { kubernetes } = deps.systems;
    if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
    const running = runningOf(deps);
    const errand = { incidents: [incidentOf(call.key)], runbook: slugOf(running.workflowType) };
    return giveBackReplica(input.for, errand, { kubernetes, deps, running, call });
  }),

  /**
   * The workloads take the Dynex key from this Secret: `kubectl patch deployment` of the written runbook, on all that take it,
   * one after the other. Twice equals once: the reference is stated whole, and who has it already is not written.
   */
  useSecret: crossing(async ({ secret }: { secret: string }, call: Call): Promise<Outcome> => {
    const { kubernetes, dynex } = deps.systems;
    if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
    if (!dynex?.address) return byHand(deps.platform, secret);
    if (call.until !== undefined) throw stopped('BadInput', 'A key does not end by itself: write this step without `until`.');
    const running = runningOf(deps);
    const errand = { incidents: [incidentOf(call.key)], runbook: slugOf(running.workflowType) };
    return useSecret(secret, errand, { kubernetes, deps, running, call });
  }),

  /** Whether that Secret has a key, and another one than the workloads use. Reads only. */
  secret: checking((input: { secret: string; differs?: boolean }) => checkSecret(deps, input)),

  /** Whether NetworkPolicies let the pods of these workloads reach Dynex. Reads only. */
  networkPolicies: checking((input: { workloads: Workload[] }) => checkPolicies(deps, input)),

  /** `kubectl rollout history`, with who and when, and everything else that may have cut a connection. Reads only. */
  rollouts: checking((input: { workloads: Workload[]; before: string }) => checkRollouts(deps, input)),

  /** `kubectl get nodes`: all Ready, none under pressure. Reads only. */
  nodes: checking((_: object) => checkNodes(deps)),

  /** `kubectl get pods`: every workload, unless told which, has the pods it wants, ready; and why not. Reads and dry runs only. */
  pods: checking((input: { workloads?: Workload[] }) => checkPods(deps, input)),

  /** `kubectl top pods`: none uses as much of its limit, else of its request. Reads only. */
  usage: checking((input: UsageInput) => checkUsage(deps, input)),
});

const isKnown = ({ kind, namespace, name }: TakeBack, platform: Platform) => {
  const places = kind === 'Deployment' ? keyWorkloads(platform) : [quantumConfigMap(platform)];
  return places.some(place => place.namespace === namespace && place.name === name);
};

/** Where nobody can ask Dynex about the key, people restart what takes it. */
function byHand(platform: Platform, secret: string): Outcome {
  const { env, key } = platform.quantum.key;
  const lines = keyWorkloads(platform).map(({ namespace, name, container }) => {
    const variable = { name: env, valueFrom: { secretKeyRef: { name: secret, key } } };
    const patch = { spec: { template: { spec: { containers: [{ name: container, env: [variable] }] } } } };
    return `kubectl -n ${namespace} patch deployment ${name} -p '${JSON.stringify(patch)}'`;
  });
  const because = 'Dynex is not connected, so nobody can say whether it accepts the key: set DYNEX_API_URL';
  return { byHand: { system: 'Dynex', paste: lines.join('\n'), because } };
}

const unknownObject = (record: TakeBack) =>
  stopped(
    'BadInput',
    `${objectName(record.kind, record)} is no setting of this platform, so nothing was changed: use the platform description that the incident ran with.`,
  );
