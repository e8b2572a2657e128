/** Does the platform serve again? Stricter than what opens the incident, and only with a view from outside. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import type { PlatformRecoveredFacts } from '../facts.ts';

export async function platformRecovered(_: Deps): Promise<Finding<PlatformRecoveredFacts>> {
  return { verdict: 'unknown', evidence: 'not written yet' };
}
