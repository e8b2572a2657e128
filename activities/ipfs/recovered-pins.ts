/** Are records pinned again? Test pins come back, few pins fail, every entry of the last day is pinned, and the chain is whole. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import type { Deps } from '../deps.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import type { LtcRecordsFacts } from './facts.ts';
import { pinFailures } from './failures-metric.ts';
import { checkLtcRecords } from './ltc-records.ts';
import { checkTestPin } from './test-pin.ts';

const rounds = 3;
const day = 86_400_000;
const [few, many] = [0.01, 0.1];

/** With `symptom` entries may still wait to be pinned again: the failures alone count, as the alert does. */
export async function pinsRecovered(deps: Deps, { symptom = false }: { symptom?: boolean }): Promise<Finding> {
  const tests = await testPins(deps);
  const failures = part(() => pinFailures(deps, symptom ? many : few));
  const since = new Date(deps.now() - day).toISOString();
  const records = part<LtcRecordsFacts>(() => checkLtcRecords(deps, { since }));
  const parts: Part[] = [tests, fewLeftOut(await failures, tests), ...(symptom ? [] : [await records])];
  return { verdict: together(parts), evidence: evidenceOf(parts) };
}

/** One after the other; the first that does not come back ends them. */
async function testPins(deps: Deps): Promise<Part> {
  for (let round = 1; ; round += 1) {
    const seen = await answered(() => checkTestPin(deps, { target: 'primary' }));
    if (seen.verdict !== 'healthy') return seen;
    if (round === rounds) return { verdict: 'healthy', evidence: `${rounds} test pins in a row came back: ${seen.evidence}` };
  }
}

/** Where pins are few, test pins decide. */
function fewLeftOut(failures: Part, tests: Part): Part {
  const isFew = 'verdict' in failures && failures.verdict === 'unknown' && 'facts' in failures;
  return isFew && 'verdict' in tests && tests.verdict === 'healthy' ? { leftOut: failures.evidence } : failures;
}
