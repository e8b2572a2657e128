/** The oldest jobs of a status. The hub lists the newest first, so the end of its list is searched for: a few calls, however long it is. */

import type { JobRecord, JobStatus } from '../connectors/hub.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';

export interface OldestJobs {
  /** The oldest first. */
  jobs: JobRecord[];
  /** False where there are younger ones than these. */
  isAll: boolean;
}

const page = 100;
/** Each first guess at the last page is so many times the one before. */
const farther = 10;
const mostPages = 1_000_000;

/** @param pages so many at most, of 100 jobs. @throws SystemError, also where the platform does not offer records to operators */
export async function oldestJobs({ systems: { api } }: Deps, status: JobStatus, pages = 1): Promise<OldestJobs> {
  if (!api) throw notConnected('The NQBA API', 'NQBA_API_URL');
  const known = new Map<number, JobRecord[]>();
  const read = async (at: number) => {
    const jobs = known.get(at) ?? (await api.jobs({ status, limit: page, offset: at * page }));
    known.set(at, jobs);
    return jobs;
  };
  const last = await lastPage(async at => (await read(at)).length);
  const first = Math.max(0, last - pages + 1);
  const all = await Promise.all(Array.from({ length: last - first + 1 }, (_, index) => read(first + index)));
  const jobs = new Map(all.flat().map(job => [job.job_id, job]));
  return { jobs: [...jobs.values()].toSorted((a, b) => createdAt(a) - createdAt(b)), isAll: first === 0 };
}

export const createdAt = ({ created_at }: Pick<JobRecord, 'created_at'>) => Date.parse(created_at);

/** The last page with a job on it; the first where there is none. */
async function lastPage(lengthOf: (at: number) => Promise<number>): Promise<number> {
  let [full, beyond] = [0, 1];
  if ((await lengthOf(0)) < page) return 0;
  while (beyond < mostPages && (await lengthOf(beyond)) > 0) [full, beyond] = [beyond, beyond * farther];
  while (beyond - full > 1) {
    const middle = Math.floor((full + beyond) / 2);
    if ((await lengthOf(middle)) > 0) full = middle;
    else beyond = middle;
  }
  return full;
}
