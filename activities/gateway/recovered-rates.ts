/** API Rate Limit Exceeded is over when hardly a call is refused or fails, and our customers are answered as they should be. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import type { Deps } from '../deps.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { probeTiers } from './probe-tiers.ts';
import { fewRefused } from './recovered-quota.ts';

/** With `symptom` limits of ours may still stand: our customers are not asked to try theirs. */
export async function ratesRecovered(deps: Deps, { symptom = false }: { symptom?: boolean }): Promise<Finding> {
  const [refusals, tiers] = await Promise.all([
    answered(() => fewRefused(deps)),
    symptom ? undefined : part(() => probeTiers(deps)),
  ]);
  const parts: Part[] = [refusals, ...(tiers ? [tiers] : [])];
  return { verdict: together(parts), evidence: evidenceOf(parts) };
}
