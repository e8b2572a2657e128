/** Does the database let us in? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';

export const checkReachable = async (_: Deps): Promise<Finding> => ({ verdict: 'unknown', evidence: 'Not applicable: no database is connected.' });
