/** Is there a young backup? Asked of the Jobs of the cluster and, where the platform description names an instance, of RDS. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import { type Job, type JobSchedule, jobs, jobSchedules } from '../connectors/batch-resources.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { momentOf } from '../kubernetes/when.ts';
import { allNamespaces } from '../platform.ts';
import { together } from '../together.ts';
import type { BackupsFacts } from './facts.ts';
import { checkSnapshots } from './snapshots.ts';

export interface BackupsInput {
  /** Hours. */
  youngerThan: number;
}

const hour = 3_600_000;

/** Each source that should have one must have a young one; an instance of RDS is one where the platform description names it. */
export async function checkBackups(deps: Deps, { youngerThan }: BackupsInput): Promise<Finding<BackupsFacts>> {
  const { instance } = deps.platform.database ?? {};
  const [ofJobs, ofRds] = await Promise.all([
    answered(() => checkJobs(deps, youngerThan)),
    instance === undefined ? undefined : answered(() => checkSnapshots(deps, instance, youngerThan)),
  ]);
  const facts: BackupsFacts = { newest: undefined, ...ofJobs.facts, ...ofRds?.facts };
  if (!ofRds) return { verdict: ofJobs.verdict, evidence: `${ofJobs.evidence} ${noInstance}`, facts };
  return { verdict: together([ofJobs, ofRds]), evidence: `${ofJobs.evidence} ${ofRds.evidence}`, facts };
}

const noInstance = 'The platform description names no instance of RDS, so no snapshots are checked.';

/** @throws SystemError */
async function checkJobs(deps: Deps, youngerThan: number): Promise<Finding<BackupsFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const namespaces = allNamespaces(deps.platform);
  const [made, schedules] = await Promise.all([
    Promise.all(namespaces.map(namespace => kubernetes.list(jobs, namespace))),
    Promise.all(namespaces.map(namespace => kubernetes.list(jobSchedules, namespace))),
  ]);
  const found = { jobs: made.flat().filter(isBackup), schedules: schedules.flat().filter(isBackup), namespaces };
  return judgeBackups(found, youngerThan, deps.now());
}

/** As `kubectl get jobs | grep backup`. */
const isBackup = ({ metadata }: KubeObject) => /backup/i.test(metadata.name);

interface Found {
  jobs: Job[];
  schedules: JobSchedule[];
  namespaces: string[];
}

/** A backup that was never set up has not failed: it is unknown. Pure. */
export function judgeBackups(found: Found, youngerThan: number, now: number): Finding<BackupsFacts> {
  const { namespaces } = found;
  if (found.jobs.length + found.schedules.length === 0) {
    const evidence = `${namespaces.join(', ')} has no Job and no CronJob with backup in its name: never set up.`;
    return { verdict: 'unknown', evidence, facts: { newest: undefined } };
  }
  const newest = newestOf(found);
  const facts = { newest: newest && new Date(newest.at).toISOString() };
  const notes = [...failedSince(found.jobs, newest?.at ?? 0), ...suspended(found.schedules)];
  const bound = `within ${youngerThan} h`;
  if (newest === undefined)
    return {
      verdict: 'faulty',
      evidence: sentences(`Missing: no backup Job has succeeded, and one should ${bound}.`, notes),
      facts,
    };
  const isYoung = now - newest.at < youngerThan * hour;
  const said = `The newest backup is that of ${newest.name}, ${momentOf(newest.at, now)}`;
  if (isYoung) return { verdict: 'healthy', evidence: sentences(`${said}.`, notes), facts };
  return { verdict: 'faulty', evidence: sentences(`${said}: old, there should be one ${bound}.`, notes), facts };
}

const sentences = (first: string, others: string[]) => [first, ...others].join(' ');

/** The cluster forgets finished Jobs; their CronJob remembers the last success. */
function newestOf({ jobs, schedules }: Found) {
  const ends = [
    ...jobs
      .filter(({ status }) => status.succeeded > 0)
      .map(({ metadata, status }) => ({ name: `Job ${metadata.name}`, at: Date.parse(status.completionTime ?? '') })),
    ...schedules.map(({ metadata, status }) => ({
      name: `CronJob ${metadata.name}`,
      at: Date.parse(status.lastSuccessfulTime ?? ''),
    })),
  ];
  return ends.filter(({ at }) => !Number.isNaN(at)).toSorted((a, b) => b.at - a.at)[0];
}

function failedSince(all: Job[], since: number): string[] {
  const failed = all.filter(
    ({ status }) => status.failed > 0 && status.succeeded === 0 && Date.parse(status.startTime ?? '') > since,
  );
  return failed.length > 0 ? [`Failed since: ${failed.map(({ metadata }) => metadata.name).join(', ')}.`] : [];
}

function suspended(schedules: JobSchedule[]): string[] {
  const names = schedules.filter(({ spec }) => spec.suspend).map(({ metadata }) => metadata.name);
  return names.length > 0 ? [`Suspended: CronJob ${names.join(', ')}.`] : [];
}
