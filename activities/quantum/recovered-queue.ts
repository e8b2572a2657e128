/** Delayed Jobs is over when few jobs wait, none for long, and each takes about as long as in the week before. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import type { Deps } from '../deps.ts';
import type { QueueFacts } from './queue-facts.ts';
import { evidenceOf, together } from '../together.ts';
import { checkDurations } from './durations.ts';
import { checkQueue } from './queue.ts';

/** Stricter than what opens the incident. */
const queue = { below: 20, youngerThan: 2 };
const durations = { mean: 300, p95: 1.2 };

/** That a raised floor is given back the incident checks beside it, whatever changes it made; then this is measured again. */
export async function queueRecovered(deps: Deps): Promise<Finding<QueueFacts>> {
  const [waiting, times] = await Promise.all([
    checkQueue(deps, queue),
    answered(() => checkDurations(deps, durations)),
  ]);
  return { verdict: together([waiting, times]), evidence: evidenceOf([waiting, times]), facts: waiting.facts ?? {} };
}
