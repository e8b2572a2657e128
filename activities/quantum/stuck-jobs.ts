/** Jobs that block the queue: they run for longer than they may, or wait although younger ones have finished. */

import type { Finding, FrozenList } from '../../workflows/contract/finding.ts';
import { nowOfJobs } from '../clocks.ts';
import type { JobRecord } from '../connectors/hub.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import { livePods } from '../engine/templates.ts';
import { valueOf } from '../observe/metric.ts';
import { quantumWorkloads } from '../platform.ts';
import { promql, secondsOf } from '../queries.ts';
import type { StuckJobsFacts } from './queue-facts.ts';
import { flowWindow } from './throughput.ts';
import { createdAt, oldestJobs } from './oldest-jobs.ts';

/** `freeze`: the pods that run them become a list of this name, where records name their pods. */
export interface StuckJobsInput {
  freeze?: string;
}

interface Stuck {
  job: JobRecord;
  because: string;
}

/** A job may take so much longer than its own limit, milliseconds. */
const grace = 60_000;
const waitsLong = 1_800_000;
/** Of the running ones so many of the oldest are judged, in pages of 100. */
const pages = 5;

/** @throws SystemError, also where the platform does not offer records to operators */
export async function checkStuckJobs(deps: Deps, { freeze: name }: StuckJobsInput): Promise<Finding<StuckJobsFacts>> {
  const { api } = deps.systems;
  if (!api) return byMetrics(deps);
  const [now, running, queued, [newest]] = await Promise.all([
    nowOfJobs(deps),
    oldestJobs(deps, 'running', pages),
    oldestJobs(deps, 'queued'),
    api.jobs({ status: 'completed', limit: 1 }),
  ]);
  const { pace } = deps.platform.times;
  const found = [
    ...running.jobs.flatMap(job => overtime(job, now, pace)),
    ...queued.jobs.flatMap(job => passedOver(job, newest, now, pace)),
  ];
  const frozen = await frozenPods(deps, name, podsOf(found));
  const facts: StuckJobsFacts = { stuck: found.length, pods: frozen?.count ?? 0 };
  const judged = `${running.isAll ? 'All' : 'The oldest'} ${running.jobs.length} running and ${queued.isAll ? 'all' : 'the oldest'} ${queued.jobs.length} waiting jobs were judged`;
  if (found.length === 0) return { verdict: 'healthy', evidence: `${judged}: none is stuck.`, facts };
  return { verdict: 'faulty', evidence: toldOf(found), facts, ...(frozen && { frozen }) };
}

/** Without the API no job is known by itself: how many run, and finish. A long one is not told from a stuck one. */
async function byMetrics(deps: Deps): Promise<Finding<StuckJobsFacts>> {
  const { prometheus } = deps.systems;
  const missing = notConnected('The NQBA API', 'NQBA_API_URL');
  if (!prometheus) throw missing;
  const window = await flowWindow(deps);
  const { queries } = deps.platform;
  const [running, finished] = await Promise.all([
    prometheus.query(promql(queries, 'jobs in flight')),
    valueOf(prometheus, promql(queries, 'jobs finished', { window })),
  ]);
  const run = running.length === 0 ? 'not known how many' : running.reduce((sum, { value }) => sum + Math.round(value), 0);
  const ended = finished === undefined ? 'not known how many' : Math.round(finished);
  const evidence = `By metrics alone: jobs that run: ${run}; that finished in ${secondsOf(window)}: ${ended}. Not checked: which of them are stuck. ${missing.message}.`;
  return { verdict: 'unknown', evidence };
}

function overtime(job: JobRecord, now: number, pace: number): Stuck[] {
  if (job.started_at === undefined) return [];
  const ran = now - Date.parse(job.started_at);
  if (!(ran > (job.timeout_seconds * 1000 + grace) * pace)) return [];
  return [{ job, because: `runs for ${minutes(ran / pace)} of ${minutes(job.timeout_seconds * 1000)} allowed` }];
}

function passedOver(job: JobRecord, newest: JobRecord | undefined, now: number, pace: number): Stuck[] {
  const waited = now - createdAt(job);
  if (!(waited > waitsLong * pace) || !newest || !(createdAt(newest) > createdAt(job))) return [];
  return [{ job, because: `has waited for ${minutes(waited / pace)}, and younger ones have finished` }];
}

const minutes = (ms: number) => `${Number((ms / 60_000).toPrecision(2))} min`;

const shown = 3;

function toldOf(found: Stuck[]): string {
  const jobs = found
    .slice(0, shown)
    .map(
      ({ job: { job_id, operation, solver = 'no solver yet', customer = 'unknown', pod }, because }) =>
        `${job_id} (${operation}, ${solver}, of ${customer}${pod === undefined ? '' : `, on ${pod}`}) ${because}`,
    );
  const more = found.length > shown ? `; and ${found.length - shown} more` : '';
  return `${found.length} ${found.length === 1 ? 'job is' : 'jobs are'} stuck: ${jobs.join('; ')}${more}.`;
}

const podsOf = (found: Stuck[]) => [
  ...new Set(found.flatMap(({ job: { status, pod } }) => (status === 'running' && pod ? [pod] : []))),
];

/** Only pods of the workloads that run jobs, as they are there now. @throws SystemError */
async function frozenPods(deps: Deps, name: string | undefined, names: string[]): Promise<FrozenList | undefined> {
  const { kubernetes, artifacts } = deps.systems;
  if (name === undefined || names.length === 0 || !kubernetes) return undefined;
  const places = quantumWorkloads(deps.platform);
  const live = await Promise.all(places.map(({ namespace, selector }) => livePods(kubernetes, namespace, selector)));
  const found = new Map(live.flat().map(pod => [pod.metadata.uid, pod]));
  const items = [...found.values()]
    .filter(({ metadata }) => names.includes(metadata.name))
    .map(({ metadata: { namespace, name: pod, uid } }) => ({ namespace, name: pod, uid }));
  return items.length > 0 ? freeze(artifacts, name, items) : undefined;
}
