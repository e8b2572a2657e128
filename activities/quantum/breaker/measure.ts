/** On which solver do the jobs started since then really run? Asked of the metrics, else of a canary for each workload. */

import type { Effect } from '../../../workflows/contract/action.ts';
import { runCanary } from '../../canary.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import type { Sample } from '../../connectors/prometheus.ts';
import type { Pod } from '../../connectors/resources.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import type { ActionContext, Carried } from '../../engine/action.ts';
import { livePods, stampOf } from '../../engine/templates.ts';
import type { Solver } from '../../jobs.ts';
import { limits } from '../../limits.ts';
import { quantumOf } from '../../platform.ts';
import { promql } from '../../queries.ts';
import type { Running } from '../../running.ts';
import { intervalOfJobs, windowOver } from '../../scraping.ts';
import { type Asked, effectOf, everyJob, haveMoved, isEnough, type Measured, type Share } from './effect.ts';
import { excuses, excusesFromFollowing, type SeenWorkload, settingNow, unmoved, type View } from './view.ts';

/** How a change that moves every job is measured. */
export const everyJobOn =
  (solver: Solver) =>
  (view: View, _input: unknown, { kubernetes, deps, running, call }: ActionContext, { remarks }: Carried): Promise<Effect> => {
    const about = { solver: quantumOf(deps.platform).solvers[solver], excuses: excuses(view), key: call.key };
    return measure(kubernetes, { ...about, share: everyJob, workloads: view.workloads, remarks }, deps, running);
  };

/** A share is that of those who follow it; who does not is named. */
export function shareOnDynex(
  view: View,
  { percent }: { percent: number },
  { kubernetes, deps, running, call }: ActionContext,
  { remarks }: Carried,
): Promise<Effect> {
  const cannot = excusesFromFollowing(view);
  const share = { from: Number(settingNow(view).value(view.share ?? '') ?? Number.NaN) / 100, to: percent / 100 };
  const about = { solver: quantumOf(deps.platform).solvers.dynex, excuses: cannot, key: call.key, share };
  const workloads = view.workloads.filter(({ follows }) => follows);
  return measure(kubernetes, { ...about, workloads, remarks: [...remarks, ...unmoved(cannot)] }, deps, running);
}

interface Question extends Pick<Asked, 'solver' | 'excuses' | 'remarks'> {
  share: Pick<Share, 'from' | 'to'>;
  workloads: SeenWorkload[];
  /** Restart stamp of new pods. */
  key: string;
}

/** Five points: who follows a share sends jobs by chance, and not all at the same moment. */
const tolerance = 0.05;

/** @throws SystemError when Kubernetes does not answer; other systems' silence is part of the effect. */
async function measure(kubernetes: Kubernetes, question: Question, deps: Deps, running: Running): Promise<Effect> {
  const began = deps.now();
  const follows = question.workloads.some(one => one.follows);
  const asked = askedOf(question, follows ? tolerance : 0, deps);
  const interval = await intervalOfJobs(deps).catch(unlessUnanswered);
  const moments = windowOver(limits.newest, interval);
  const until = deps.systems.prometheus ? began + patienceFor(follows ? limits.following : limits.jobs, interval) : began;
  for (;;) {
    running.heartbeat();
    const newest = follows ? Math.max(began, deps.now() - moments) : began;
    const measured = await count(kubernetes, question, deps, newest);
    const settled = follows ? haveMoved(measured, asked) : isSeen(measured, asked);
    if (settled || deps.now() >= until) return effectOf(await withCanaries(measured, asked, deps, running), asked);
    await deps.sleep(limits.look, running.signal);
  }
}

function unlessUnanswered(error: unknown): number {
  if (error instanceof SystemError) return 0;
  throw error;
}

/** New pods are seen with their second scrape, which lies two intervals after their start at most. */
const patienceFor = (usual: number, interval: number) => Math.min(limits.latest, Math.max(usual, 3.5 * interval));

/** A share is judged by as many jobs as recovery takes. */
function askedOf({ share, ...question }: Question, within: number, { platform }: Deps): Asked {
  const quantum = quantumOf(platform);
  const atLeast = isPart(share) ? quantum.recovery.jobs : quantum.minJobs;
  return { ...question, share: { ...share, within }, atLeast };
}

const isPart = ({ to }: Pick<Share, 'to'>) => to > 0 && to < 1;

/** Enough jobs, and of each workload some. */
const isSeen = (measured: Measured[], { atLeast }: Asked) =>
  isEnough(measured, atLeast) && measured.every(({ counted, pods }) => counted.all > 0 || pods === 0);

/** Jobs of the pods that are there now: those that are gone had their own configuration. */
async function count(kubernetes: Kubernetes, question: Question, deps: Deps, began: number): Promise<Measured[]> {
  const pods = await Promise.all(
    question.workloads.map(({ workload }) => livePods(kubernetes, workload.namespace, workload.selector)),
  );
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
  { systems: { prometheus }, platform: { queries }, now }: Deps,
  since: number,
): Promise<{ samples: Sample[]; silence?: string }> {
  if (!prometheus) return { samples: [], silence: 'Prometheus is not connected.' };
  try {
    return { samples: await prometheus.query(promql(queries, 'jobs started', { window: now() - since })) };
  } catch (error) {
    if (error instanceof SystemError) return { samples: [], silence: `${error.message}.` };
    throw error;
  }
}

/** A workload of which no job was seen is asked by a canary; each is, where jobs were too few. One job says nothing of a share. */
async function withCanaries(measured: Measured[], { atLeast, share }: Asked, deps: Deps, running: Running): Promise<Measured[]> {
  if (isPart(share)) return measured;
  const enough = isEnough(measured, atLeast);
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
  ({ metadata }: Pod) =>
    stampOf({ metadata }) === key;

const bornAt = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp ?? '');
