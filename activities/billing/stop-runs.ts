/**
 * Jobs that charge, of a list that a check froze and people saw, are suspended: Kubernetes ends their pods and keeps the Jobs
 * (https://kubernetes.io/docs/concepts/workloads/controllers/job/#suspending-a-job). Twice equals once: a Job is named with its uid.
 */

import type { Effect } from '../../workflows/contract/action.ts';
import { type Job, jobs } from '../connectors/batch-resources.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import type { Action, ActionContext } from '../engine/action.ts';
import { type List, type Listed, runList } from '../engine/run-list.ts';
import { limits } from '../limits.ts';
import { isOver, isRunning, type RunItem, runItem, stopping } from './charging/runs.ts';

export const stopRuns: Action<Listed> = {
  name: 'stopRuns',
  run: (input, context) => runList(suspending, input, context),
  undo: 'a Job that goes on begins again, so finance decides it: kubectl -n NAMESPACE patch job NAME --type=merge -p \'{"spec":{"suspend":false}}\'',
};

const suspending: List<Listed, RunItem> = {
  name: 'stopRuns',
  item: runItem,
  nameOf: ({ namespace, name }) => `Job ${namespace}/${name}`,
  atMost: 20,
  words: async (items, { list }) => ({
    field: 'Jobs',
    summary: `Of “${list.name}” ${counted(items.length)}, but for those that end before.`,
    consequences: [
      `By hand: ${items.map(({ namespace, name }) => stopping(namespace, name)).join(' ')}`,
      'Their pods end where they are: who was charged by then is not known here. Nothing lets them go on by itself; one that does begins again, and may charge the same customers twice. While one is there, a CronJob that forbids concurrent runs begins none.',
    ],
  }),
  asks: async () => 'A Job that is stopped in its middle has charged some of the customers: finance decides.',
  one: suspend,
  measure: ended,
};

const isSame = (now: Job | undefined, { uid }: RunItem): now is Job => now !== undefined && now.metadata.uid === uid;

const counted = (jobs: number) => (jobs === 1 ? '1 Job is suspended' : `${jobs} Jobs are suspended`);

const isThere = (now: Job | undefined, item: RunItem): now is Job => isSame(now, item) && !isOver(now);

/** A Job that has ended, or another of its name, is left alone. */
async function suspend(item: RunItem, _key: unknown, { kubernetes }: ActionContext): Promise<string> {
  const now = await readIfAny(kubernetes, jobs, item);
  if (!isThere(now, item)) return 'over';
  if (now.spec.suspend) return 'suspended already';
  const body = { metadata: { uid: item.uid }, spec: { suspend: true } };
  await kubernetes.patch(jobs, item, { as: 'merge', body });
  return 'suspended';
}

/** Measures that none of them has a pod any more; those that ended before may have charged all of their customers. */
async function ended(items: RunItem[], _input: Listed, { kubernetes, deps, running }: ActionContext): Promise<Effect> {
  const until = deps.now() + limits.rollout;
  for (;;) {
    running.heartbeat();
    const found = await Promise.all(items.map(item => readIfAny(kubernetes, jobs, item)));
    const left = items.filter((item, index) => isStillRunning(found[index], item));
    const over = items.filter((item, index) => !isThere(found[index], item));
    if (left.length === 0) return { measured: 'whole', text: told(items.length - over.length, over) };
    if (deps.now() >= until)
      return { measured: left.length < items.length ? 'part' : 'none', text: `Still running: ${namesOf(left)}.` };
    await deps.sleep(limits.look, running.signal);
  }
}

const namesOf = (items: RunItem[]) => items.map(({ name }) => name).join(', ');

const told = (suspended: number, over: RunItem[]) =>
  over.length === 0
    ? `${counted(suspended)}, and none has a pod any more.`
    : `${counted(suspended)}. Ended before, and may have charged everyone: ${namesOf(over)}.`;

const isStillRunning = (now: Job | undefined, item: RunItem) => isSame(now, item) && isRunning(now);
