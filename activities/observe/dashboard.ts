/** Where a person looks at a picture: it proves nothing by itself. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';

export async function checkDashboard(_: Deps, __: { dashboard: string }): Promise<Finding> {
  return { verdict: 'unknown', evidence: 'not written yet' };
}
