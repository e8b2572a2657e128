/** Owners of jobs that waited long, or failed, since two hours before an alert: each with their own count, by the hub's records. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { JobRecord } from '../connectors/hub.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { JobOwnersFacts } from './failing-facts.ts';
import type { CustomerJobs } from './items.ts';
import { jobRecords } from './job-records.ts';
import { createdAt } from './oldest-jobs.ts';

export interface JobOwnersInput {
  of: CustomerJobs['of'];
  /** RFC 3339: when the alert began; at the platform's pace. */
  before: string;
  /** The name under which the customers are frozen, none of them too; not while their jobs are not known. */
  freeze?: string;
}

const twoHours = 7_200_000;
const aMinute = 60_000;
/** Minutes at the platform's pace, as the step map has it. */
export const longest = 30;
/** Of 100 records. */
const mostPages = 100;
/** Milliseconds in which they are read, of the three minutes that the check has. */
const patience = 150_000;
/** Of the failed jobs of a customer. */
const mostIds = 10;

const words = { delayed: `waited for longer than ${longest} min`, failed: 'failed' } as const;

/** @throws SystemError, also where the platform does not offer records to operators */
export async function checkJobOwners(deps: Deps, input: JobOwnersInput): Promise<Finding<JobOwnersFacts>> {
  const { of, before, freeze: name } = input;
  const [now, { pace }] = [deps.now(), deps.platform.times];
  const from = (Date.parse(before) || now) - twoHours * pace;
  const { jobs, isAll } = await jobRecords(deps, { since: from, mostPages, until: now + patience });
  const since = shown(from);
  if (!isAll) return { verdict: 'unknown', evidence: `More than ${jobs.length} jobs came in since ${since}: too many to count.` };
  const minutesOf = (job: JobRecord) => waited(job, now) / aMinute / pace;
  const hit = jobs.filter(job => (of === 'failed' ? job.status === 'failed' : minutesOf(job) > longest));
  const owned = hit.flatMap(job => (job.customer ? [{ customer: job.customer, job }] : []));
  const items = [...Map.groupBy(owned, ({ customer }) => customer)].map(([customer, those]): CustomerJobs => {
    const own = { customer, of, jobs: those.length, from: new Date(from).toISOString(), to: new Date(now).toISOString() };
    if (of === 'failed') return { ...own, ids: those.slice(0, mostIds).map(({ job }) => job.job_id) };
    return { ...own, longest: Math.max(...those.map(({ job }) => minutesOf(job))) };
  });
  const unowned = hit.length - owned.length;
  const facts = { jobs: hit.length, unowned };
  const told = `${hit.length} of ${jobs.length} jobs since ${since} ${words[of]}`;
  if (hit.length > 0 && items.length === 0)
    return { verdict: 'unknown', evidence: `${told}; the platform names the owner of none.`, facts };
  const rest = unowned > 0 ? ` The platform names no owner of ${unowned}.` : '';
  const evidence = hit.length === 0 ? `${told}.` : `${told}: they are of ${items.length} customers.${rest}`;
  const frozen = name === undefined ? undefined : await freeze(deps.systems.artifacts, name, items);
  const verdict = hit.length > 0 ? 'faulty' : 'healthy';
  return frozen ? { verdict, evidence, facts: { ...facts, frozen: frozen.count }, frozen } : { verdict, evidence, facts };
}

/** Until it began; one that no worker took and that ended all the same, until then. Milliseconds. */
function waited(job: JobRecord, now: number): number {
  const { status, started_at, finished_at } = job;
  const until = started_at ?? finished_at ?? (status === 'queued' ? undefined : job.created_at);
  return (until === undefined ? now : Date.parse(until)) - createdAt(job);
}

const shown = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
