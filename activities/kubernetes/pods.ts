/** Has every workload the pods that it wants, ready? Wanted but absent is unhealthy, and the reason is asked for as of now. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Deps } from '../deps.ts';
import type { PodsFacts } from '../facts.ts';

export async function checkPods(_: Deps, __: { workloads?: Workload[] }): Promise<Finding<PodsFacts>> {
  return { verdict: 'unknown', evidence: 'not written yet' };
}
