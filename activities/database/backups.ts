/** Is there a young backup? Asked of the Jobs of the cluster; snapshots at a cloud are for people. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type Job, type JobSchedule, jobs, jobSchedules } from '../connectors/batch-resources.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { momentOf } from '../kubernetes/when.ts';
import { allNamespaces } from '../platform.ts';
import type { BackupsFacts } from './facts.ts';

export interface BackupsInput {
  /** Hours. */
  youngerThan: number;
}

const hour = 3_600_000;
const elsewhere = 'Snapshots of RDS are not checked, as the worker has no rights at the cloud: check them there.';

/** @throws SystemError */
export async function checkBackups(deps: Deps, { youngerThan }: BackupsInput): Promise<Finding<BackupsFacts>> {
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
    const none = `${namespaces.join(', ')} has no Job and no CronJob with backup in its name: nothing is known of backups.`;
    return { verdict: 'unknown', evidence: `${none} ${elsewhere}`, facts: { newest: undefined } };
  }
  const newest = newestOf(found);
  const facts = { newest: newest && new Date(newest.at).toISOString() };
  const notes = [...failedSince(found.jobs, newest?.at ?? 0), ...suspended(found.schedules), elsewhere].join(' ');
  const bound = `within ${youngerThan} h`;
  if (newest === undefined)
    return { verdict: 'faulty', evidence: `No backup Job has succeeded, and one should ${bound}. ${notes}`, facts };
  const isYoung = now - newest.at < youngerThan * hour;
  const said = `The newest backup is that of ${newest.name}, ${momentOf(newest.at, now)}`;
  if (isYoung) return { verdict: 'healthy', evidence: `${said}. ${notes}`, facts };
  return { verdict: 'faulty', evidence: `${said}; there should be one ${bound}. ${notes}`, facts };
}

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
