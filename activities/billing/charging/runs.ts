/** Jobs of the CronJob that charges: those that run charge on, though it is suspended. */

import { z } from 'zod';
import type { Finding } from '../../../workflows/contract/finding.ts';
import { type Job, jobs, jobSchedules } from '../../connectors/batch-resources.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { freeze } from '../../engine/frozen-list.ts';
import { chargingCronJob, type Platform } from '../../platform.ts';
import type { RunsFacts } from '../facts.ts';
import type { RunsInput } from '../inputs.ts';

/** As the check freezes it. */
export const runItem = z.object({ namespace: z.string(), name: z.string(), uid: z.string() });
export type RunItem = z.infer<typeof runItem>;

/** Faulty while one of them runs though the CronJob is suspended. @throws SystemError */
export async function checkRuns({ systems, platform }: Deps, { freeze: name }: RunsInput): Promise<Finding<RunsFacts>> {
  const { kubernetes, artifacts } = systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { metadata, spec } = await kubernetes.read(jobSchedules, chargingCronJob(platform));
  const running = (await jobsOf(kubernetes, platform, metadata.uid)).filter(isRunning);
  const facts = { running: running.length };
  if (!spec.suspend) return { verdict: 'healthy', evidence: `${metadata.name} is not suspended: its Jobs may run.`, facts };
  if (running.length === 0) return { verdict: 'healthy', evidence: `No Job of ${metadata.name} runs.`, facts };
  const frozen = name === undefined ? undefined : await freeze(artifacts, name, running.map(itemOf));
  const named = running.map(job => `${job.metadata.name}${since(job)}: ${stopping(job.metadata.namespace, job.metadata.name)}`);
  return { verdict: 'faulty', evidence: `Jobs that run and charge on. ${named.join(' ')}`, facts, frozen };
}

const since = ({ status }: Job) => (status.startTime ? ` since ${status.startTime}` : '');

/** As people suspend it themselves. */
export const stopping = (namespace = '', name = '') =>
  `kubectl -n ${namespace} patch job ${name} --type=merge -p '{"spec":{"suspend":true}}', once finance says so.`;

/** Whatever became of them. @param uid of the CronJob @throws SystemError */
export async function jobsOf(kubernetes: Kubernetes, platform: Platform, uid: string): Promise<Job[]> {
  const all = await kubernetes.list(jobs, chargingCronJob(platform).namespace);
  return all.filter(({ metadata }) => metadata.ownerReferences.some(owner => owner.uid === uid));
}

export const isOver = ({ status }: Job) =>
  status.conditions.some(({ type, status }) => ['Complete', 'Failed'].includes(type) && status === 'True');
const hasPods = ({ status: { active, terminating } }: Job) => active + terminating > 0;
export const isStopped = (job: Job) => job.spec.suspend && !hasPods(job) && !isOver(job);
/** Also between two pods, and one that was suspended while its pods are still there. */
export const isRunning = (job: Job) => !isOver(job) && !isStopped(job);

const itemOf = ({ metadata: { namespace, name, uid } }: Job): RunItem => ({ namespace, name, uid });
