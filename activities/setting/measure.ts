/** On which solver do the jobs started since then really run? Asked of the metrics, else of a canary for each workload. */

import type { Effect } from '../../workflows/contract/action.ts';
import { runCanary } from '../canary.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Sample } from '../connectors/prometheus.ts';
import type { Pod } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { limits } from '../limits.ts';
import { jobsStarted } from '../queries.ts';
import type { Running } from '../running.ts';
import { effectOf, isEnough, type Measured } from './effect.ts';
import { podsOf, type SeenWorkload, stampOf } from './view.ts';

export interface Question {
  /** Label of the solver that jobs should now run on. */
  solver: string;
  workloads: SeenWorkload[];
  /** Why a workload that does not move cannot, by its name. */
  excuses: Map<string, string>;
  /** Restart stamp of new pods. */
  key: string;
  /** What did not go as it should on the way here. */
  remarks: string[];
}

/** @throws SystemError when Kubernetes does not answer; other systems' silence is part of the effect. */
export async function measure(kubernetes: Kubernetes, question: Question, deps: Deps, running: Running): Promise<Effect> {
  const began = deps.now();
  const atLeast = deps.platform.quantum.minJobs;
  const until = deps.systems.prometheus ? began + limits.jobs : began;
  for (;;) {
    running.heartbeat();
    const measured = await count(kubernetes, question, deps, began);
    const seen = isEnough(measured, atLeast) && measured.every(({ counted, pods }) => counted.all > 0 || pods === 0);
    if (seen || deps.now() >= until) return effectOf(await withCanaries(measured, deps, running), { ...question, atLeast });
    await deps.sleep(limits.look, running.signal);
  }
}

/** Jobs of the pods that are there now: those that are gone had their own configuration. */
async function count(kubernetes: Kubernetes, question: Question, deps: Deps, began: number): Promise<Measured[]> {
  const pods = await Promise.all(question.workloads.map(({ workload }) => podsOf(kubernetes, workload)));
  const since = Math.min(began, ...pods.flat().filter(isNew(question.key)).map(bornAt));
  const { samples, silence } = await jobsSince(deps, since);
  return question.workloads.map(({ workload: { role, name } }, index) => {
    const names = new Set(pods[index]?.map(({ metadata }) => metadata.name));
    const own = samples.filter(({ labels }) => names.has(labels.pod ?? ''));
    const sum = (solver?: string) =>
      own.reduce((jobs, { labels, value }) => jobs + (solver === undefined || labels.solver === solver ? value : 0), 0);
    const others = [...new Set(own.filter(({ value }) => value >= 0.5).map(({ labels }) => labels.solver ?? 'unnamed'))];
    return {
      role,
      name,
      pods: names.size,
      counted: { wanted: Math.round(sum(question.solver)), all: Math.round(sum()) },
      solvers: others,
      ...(silence !== undefined && { remark: silence }),
    };
  });
}

/** A Prometheus that does not answer has not seen that there were no jobs. */
async function jobsSince(
  { systems: { prometheus }, now }: Deps,
  since: number,
): Promise<{ samples: Sample[]; silence?: string }> {
  if (!prometheus) return { samples: [], silence: 'Prometheus is not connected.' };
  try {
    return { samples: await prometheus.query(jobsStarted(now() - since)) };
  } catch (error) {
    if (error instanceof SystemError) return { samples: [], silence: `${error.message}.` };
    throw error;
  }
}

/** A workload of which no job was seen is asked by a canary; each is, where jobs were too few. */
function withCanaries(measured: Measured[], deps: Deps, running: Running): Promise<Measured[]> {
  const enough = isEnough(measured, deps.platform.quantum.minJobs);
  const asked = measured.map(async one => {
    if (one.pods === 0 || (enough && one.counted.all > 0)) return one;
    const { solver, text } = await canaryOf(one, deps, running);
    return { ...one, ...(solver !== undefined && { canary: solver }), remark: [one.remark, text].filter(Boolean).join(' ') };
  });
  return Promise.all(asked);
}

async function canaryOf({ role }: Measured, deps: Deps, running: Running): Promise<{ solver?: string; text: string }> {
  const { api } = deps.systems;
  if (!api) return { text: 'No canary: the NQBA API is not connected.' };
  try {
    return await runCanary(api, { workload: role }, deps, running);
  } catch (error) {
    if (error instanceof SystemError) return { text: `No canary: ${error.message}.` };
    throw error;
  }
}

const isNew =
  (key: string) =>
  ({ metadata, spec }: Pod) =>
    stampOf({ metadata, spec }) === key;

const bornAt = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp ?? '');
