/** The hub of each pod of the API: its queue, its solvers and its breaker are in the memory of each process. */

import type { NqbaApi } from '../connectors/api.ts';
import type { HubHealth } from '../connectors/hub.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { livePods } from '../engine/templates.ts';
import { workloadOf } from '../platform.ts';

export interface HubOfPod {
  pod: string;
  hub?: HubHealth | undefined;
  /** Why it did not answer. */
  fault?: string | undefined;
}

/** Stands for whichever pod the Service chose, where pods have no address of their own. */
export const anyPod = 'one pod, at random (NQBA_API_POD_URL is not set)';

/** @throws SystemError where neither the API nor its pods are known; a pod that does not answer is a fault. */
export async function hubOfEachPod(deps: Deps): Promise<HubOfPod[]> {
  const answers = await eachPod(deps, api => api.hub());
  return answers.map(({ pod, answer, fault }) => ({ pod, hub: answer, fault }));
}

export interface AnswerOfPod<T> {
  pod: string;
  answer?: T;
  fault?: string;
}

/** The same of every running pod. @throws SystemError */
export async function eachPod<T>(deps: Deps, ask: (api: NqbaApi) => Promise<T>): Promise<AnswerOfPod<T>[]> {
  const { api, kubernetes } = deps.systems;
  if (!api) throw notConnected('The NQBA API', 'NQBA_API_URL');
  const { ofPod } = api;
  if (!ofPod) return [await answerOf(anyPod, () => ask(api))];
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { namespace, selector } = workloadOf(deps.platform, 'api');
  const pods = await livePods(kubernetes, namespace, selector);
  const running = pods.filter(({ status }) => status.phase === 'Running');
  return Promise.all(
    running.map(({ metadata: { name }, status }) => answerOf(name, () => ask(ofPod({ name, ip: status.podIP })))),
  );
}

async function answerOf<T>(pod: string, ask: () => Promise<T>): Promise<AnswerOfPod<T>> {
  try {
    return { pod, answer: await ask() };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { pod, fault: error.message };
  }
}
