/** How many jobs wait, and for how long: by Prometheus, the hub of each pod of the API, Redis, and the records of jobs. The deepest view counts. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { nowOfJobs } from '../clocks.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { QueueFacts } from './queue-facts.ts';
import { promql } from '../queries.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { anyPod, hubOfEachPod } from './hub.ts';
import { createdAt, oldestJobs } from './oldest-jobs.ts';
import { redisQueue } from './redis-queue.ts';
import { throughput } from './throughput.ts';

export interface QueueInput {
  /** Healthy below so many waiting jobs. */
  below?: number;
  /** Healthy while the oldest has waited for fewer minutes, at the platform's pace. */
  youngerThan?: number;
}

type Queue = Partial<QueueFacts>;

/** A view that is not connected is left out, and named. */
export async function checkQueue(deps: Deps, { below = 100, youngerThan = 5 }: QueueInput): Promise<Finding<QueueFacts>> {
  const parts: Part<QueueFacts>[] = await Promise.all([
    part(() => byMetrics(deps, below)),
    part(() => byHubs(deps, below)),
    part(() => byRedis(deps, below)),
    part(() => byRecords(deps, youngerThan)),
  ]);
  const facts = parts.flatMap((one): Queue[] => ('facts' in one && one.facts ? [one.facts] : []));
  const depths = facts.flatMap(({ depth }) => (depth === undefined ? [] : [depth]));
  const all: Queue = Object.assign({}, ...facts.toReversed());
  if (depths.length > 0) all.depth = Math.max(...depths);
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: all };
}

const heldAgainst = (depth: number, below: number) =>
  depth < below
    ? { verdict: 'healthy' as const, told: `fewer than ${below}` }
    : { verdict: 'faulty' as const, told: `not below ${below}` };

async function byMetrics(deps: Deps, below: number): Promise<Finding<QueueFacts>> {
  const { prometheus } = deps.systems;
  const { queries } = deps.platform;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const [depths, inFlight, { arrivals, completions }] = await Promise.all([
    prometheus.query(promql(queries, 'queue depths')),
    prometheus.query(promql(queries, 'jobs in flight')),
    throughput(deps),
  ]);
  if (depths.length === 0) throw new SystemError({ system: 'Prometheus', fault: 'not connected', text: 'has no queue depth' });
  const sum = (samples: typeof depths) => Math.round(samples.reduce((total, { value }) => total + value, 0));
  const [depth, active] = [sum(depths), inFlight.length > 0 ? sum(inFlight) : undefined];
  const queues = depths.filter(({ labels }) => labels.queue).map(({ labels, value }) => `${labels.queue} ${Math.round(value)}`);
  const { verdict, told } = heldAgainst(depth, below);
  const counted = queues.length > 1 ? ` (${queues.join(', ')})` : '';
  const rates =
    arrivals === undefined || completions === undefined
      ? ''
      : ` ${rate(arrivals)} arrive and ${rate(completions)} finish a minute.`;
  const runs = active === undefined ? '' : ` ${active} run.`;
  return {
    verdict,
    evidence: `${depth} jobs wait${counted}, ${told}.${rates}${runs}`,
    facts: { depth, active, arrivals, completions },
  };
}

const rate = (perMinute: number) => Number(perMinute.toPrecision(2));

/** The queue of the hub is in the memory of each process: one that does not answer may hide any number of jobs. */
async function byHubs(deps: Deps, below: number): Promise<Finding<QueueFacts>> {
  const hubs = await hubOfEachPod(deps);
  const heard = hubs.flatMap(({ hub }) => hub ?? []);
  const silent = hubs.flatMap(({ pod, fault }) => (fault === undefined ? [] : [`${pod}: ${fault}`]));
  const depth = heard.reduce((sum, { queued }) => sum + queued, 0);
  const active = heard.reduce((sum, { active }) => sum + active, 0);
  const { verdict, told } = heldAgainst(depth, below);
  const text = `${depth} jobs wait in the hubs of ${heard.length} pods, ${told}`;
  if (verdict === 'healthy' && hubs.some(({ pod }) => pod === anyPod))
    throw new SystemError({ system: 'The hub', fault: 'not connected', text: `answers for ${anyPod}` });
  if (verdict === 'healthy' && silent.length > 0)
    return { verdict: 'unknown', evidence: `${text}; not counted: ${silent.join('; ')}.`, facts: { depth, active } };
  if (hubs.length === 0) return { verdict: 'unknown', evidence: 'No pod of the API runs, so no hub was asked.' };
  return { verdict, evidence: `${text}.`, facts: { depth, active } };
}

/** Of a queue that may not be there, nothing is known: Redis counts no jobs in it either. */
async function byRedis(deps: Deps, below: number): Promise<Finding<QueueFacts>> {
  const { depth, queues, doubt } = await redisQueue(deps);
  const { verdict, told } = heldAgainst(depth, below);
  const named = queues.map(({ name, waiting }) => `${name} ${waiting}`).join(', ');
  const evidence = `${depth} jobs wait in Redis (${named}), ${told}.${doubt === undefined ? '' : ` ${doubt}.`}`;
  if (doubt !== undefined && verdict === 'healthy') return { verdict: 'unknown', evidence };
  return { verdict, evidence, facts: { depth } };
}

const pressing = ['urgent', 'high'];

async function byRecords(deps: Deps, youngerThan: number): Promise<Finding<QueueFacts>> {
  const minute = 60_000 * deps.platform.times.pace;
  const [{ jobs }, now] = await Promise.all([oldestJobs(deps, 'queued'), nowOfJobs(deps)]);
  const minutesOf = (job: (typeof jobs)[number] | undefined) => (job ? Math.max(0, (now - createdAt(job)) / minute) : 0);
  const oldest = minutesOf(jobs[0]);
  const oldestPressing = minutesOf(jobs.find(({ priority }) => pressing.includes(priority)));
  const facts: Queue = { oldest, oldestPressing };
  if (jobs.length === 0) return { verdict: 'healthy', evidence: 'No job record is queued.', facts };
  const told = `The oldest job has waited for ${inMinutes(oldest)}, the oldest urgent or high one for ${inMinutes(oldestPressing)}`;
  const isYoung = oldest < youngerThan;
  const evidence = `${told}: ${isYoung ? 'less' : 'not less'} than ${youngerThan} min.`;
  return { verdict: isYoung ? 'healthy' : 'faulty', evidence, facts };
}

const inMinutes = (minutes: number) => `${Number(minutes.toPrecision(2))} min`;
