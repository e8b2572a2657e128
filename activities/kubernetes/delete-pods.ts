/**
 * `kubectl delete pod` of the written runbook, for the pods that a check froze and a person saw, one after the other, by the eviction
 * API: a PodDisruptionBudget is waited for. Twice equals once: a pod is named with its uid, and an absent uid is done.
 */

import { z } from 'zod';
import type { Effect } from '../../workflows/contract/action.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import { pods } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Action, ActionContext } from '../engine/action.ts';
import { jobsByPod } from '../engine/rolling.ts';
import { type List, type Listed, runList } from '../engine/run-list.ts';
import { stopped } from '../failures.ts';
import { limits } from '../limits.ts';

/** As a check freezes it. */
export const podItem = z.object({ namespace: z.string(), name: z.string(), uid: z.string() });
export type PodItem = z.infer<typeof podItem>;

export const deletePods: Action<Listed> = {
  name: 'deletePods',
  run: (input, context) => runList(deleting, input, context),
  undo: 'a deleted pod is replaced by its controller, and jobs that were lost are submitted again',
};

const deleting: List<Listed, PodItem> = {
  name: 'deletePods',
  item: podItem,
  nameOf: ({ namespace, name }) => `Pod ${namespace}/${name}`,
  atMost: 20,
  async words(items, { list }, { deps }) {
    const jobs = await jobsByPod(deps);
    const running = jobs && items.reduce((sum, { name }) => sum + (jobs.get(name) ?? 0), 0);
    const sample = items.slice(0, 5).map(({ name }) => name);
    const more = items.length > sample.length ? ` and ${items.length - sample.length} more` : '';
    return {
      field: 'pods',
      summary: `The ${items.length} pods of “${list.name}” are deleted, one after the other.`,
      consequences: [
        `${sample.join(', ')}${more}.`,
        `Jobs in flight on them: ${running ?? 'unknown, Prometheus did not answer'}. They are lost unless the worker acknowledges late (acks_late).`,
      ],
    };
  },
  asks: async () => 'People decide which pods are deleted with the jobs on them.',
  one: (item, _key, context) => evict(item, context),
  measure: gone,
};

/** @throws `Refused` when a PodDisruptionBudget keeps the pod for longer than a rollout may take. */
async function evict(item: PodItem, { kubernetes, deps, running }: ActionContext): Promise<string> {
  const until = deps.now() + limits.rollout;
  for (;;) {
    running.heartbeat();
    const now = await readIfAny(kubernetes, pods, item);
    if (!now || now.metadata.uid !== item.uid) return 'gone';
    if (now.metadata.deletionTimestamp) return 'ending';
    const kept = await tryEvict(item, kubernetes);
    if (kept === undefined) return 'evicted';
    if (deps.now() >= until) throw stopped('Refused', `${kept}.`);
    await deps.sleep(limits.look, running.signal);
  }
}

/** Why a PodDisruptionBudget keeps the pod for now; nothing when it goes. */
async function tryEvict(item: PodItem, kubernetes: ActionContext['kubernetes']): Promise<string | undefined> {
  try {
    await kubernetes.evict(item, item.uid);
    return undefined;
  } catch (error) {
    if (error instanceof SystemError && error.status === 429) return error.message;
    if (error instanceof SystemError && (error.status === 404 || error.status === 409)) return undefined;
    throw error;
  }
}

/** Measures that none of them exists any more. */
async function gone(items: PodItem[], _input: Listed, { kubernetes, deps, running }: ActionContext): Promise<Effect> {
  const until = deps.now() + limits.rollout;
  for (;;) {
    running.heartbeat();
    const found = await Promise.all(items.map(item => readIfAny(kubernetes, pods, item)));
    const left = items.filter((item, index) => found[index]?.metadata.uid === item.uid);
    if (left.length === 0) return { measured: 'whole', text: `All ${items.length} pods are gone.` };
    if (deps.now() >= until) {
      const names = left.map(({ name }) => name).join(', ');
      return { measured: left.length < items.length ? 'part' : 'none', text: `Still there: ${names}.` };
    }
    await deps.sleep(limits.look, running.signal);
  }
}
