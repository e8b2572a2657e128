/** Are all nodes Ready, and none short of memory, disk or processes? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { NodesFacts } from '../facts.ts';

export async function checkNodes(_: Deps): Promise<Finding<NodesFacts>> {
  return { verdict: 'unknown', evidence: 'not written yet' };
}
