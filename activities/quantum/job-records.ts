/** The hub's records of jobs, page by page, as many as can be judged. */

import type { JobRecord, JobStatus } from '../connectors/hub.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';

export interface JobRecords {
  /** The newest first. */
  jobs: JobRecord[];
  /** False where there are more than these. */
  isAll: boolean;
}

const page = 100;

interface Wanted {
  status?: JobStatus | undefined;
  /** Milliseconds since 1970; older ones are left out. */
  since?: number | undefined;
  /** So many of 100 records at most; 10 unless told. */
  mostPages?: number | undefined;
  /** Milliseconds since 1970: no page is asked for after it. */
  until?: number | undefined;
}

/** Newest first. @throws SystemError, also where the platform does not offer records to operators */
export async function jobRecords({ systems: { api }, now }: Deps, wanted: Wanted = {}): Promise<JobRecords> {
  const { status, since = 0, mostPages = 10, until = Number.POSITIVE_INFINITY } = wanted;
  if (!api) throw notConnected('The NQBA API', 'NQBA_API_URL');
  const found = new Map<string, JobRecord>();
  for (let at = 0; at < mostPages && now() < until; at++) {
    const jobs = await api.jobs({ status, limit: page, offset: at * page });
    const recent = jobs.filter(({ created_at }) => Date.parse(created_at) >= since);
    for (const job of recent) found.set(job.job_id, job);
    if (jobs.length < page || recent.length < jobs.length) return { jobs: [...found.values()], isAll: true };
  }
  return { jobs: [...found.values()], isAll: false };
}
