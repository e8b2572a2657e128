/** Whether what stands behind the workers takes more of them: the database, and Dynex. What is not known is no headroom. */

import type { Finding } from '../workflows/contract/finding.ts';
import { answered } from './checking.ts';
import { checkLoad } from './database/load.ts';
import type { Deps } from './deps.ts';
import { quantumOf } from './platform.ts';
import { checkJobs } from './resuming.ts';
import { fromBothSides } from './viewpoints.ts';

/** Why people are asked before more workers load them; nothing where both are known to be healthy. */
export async function withoutHeadroom(deps: Deps): Promise<string | undefined> {
  const [database, reached, jobs] = await Promise.all([
    answered(() => checkLoad(deps)),
    fromBothSides(deps, 'dynex'),
    answered(async () => checkJobs(deps, { solver: 'dynex', successRate: quantumOf(deps.platform).successRate })),
  ]);
  const named: [string, Finding][] = [
    ['the database', database],
    ['Dynex', reached],
    ['jobs on Dynex', jobs],
  ];
  const lacking = named.filter(([, { verdict }]) => verdict !== 'healthy');
  if (lacking.length === 0) return undefined;
  const told = lacking.map(([name, { evidence }]) => `${name}: ${evidence}`);
  return `People decide: it is not known that what more workers load takes more. ${told.join(' ')}`;
}
