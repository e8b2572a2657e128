/** Is the database the bottleneck? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { DatabaseLoadFacts } from '../facts.ts';

/** @throws SystemError */
export const checkLoad = async (_: Deps): Promise<Finding<DatabaseLoadFacts>> => {
  throw notConnected('PostgreSQL', 'DATABASE_URL');
};
