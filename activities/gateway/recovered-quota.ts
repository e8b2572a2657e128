/** Quota Exhaustion is over when no quota is nearly used up, hardly a call is refused, and our customers are answered as they should be. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import type { Deps } from '../deps.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { joined, piecesOf, shownPiece } from './access-lines.ts';
import { operatorApiOf } from '../operators.ts';
import { shareOf } from './counted.ts';
import { probeTiers } from './probe-tiers.ts';
import { checkQuotas } from './quotas.ts';

const halfAnHour = 1_800_000;
const pages = 3;
const fewestCalls = 500;
const mostRefused = 0.01;

/** With `symptom` limits of ours may still stand: our customers are not asked to try theirs. */
export async function quotaRecovered(deps: Deps, { symptom = false }: { symptom?: boolean }): Promise<Finding> {
  const [quotas, refusals, tiers] = await Promise.all([
    answered(() => checkQuotas(deps, { above: 0.9 })),
    answered(() => fewRefused(deps)),
    symptom ? undefined : part(() => probeTiers(deps)),
  ]);
  const parts: Part[] = [quotas, refusals, ...(tiers ? [tiers] : [])];
  return { verdict: together(parts), evidence: evidenceOf(parts) };
}

/** Of the last half hour, times the platform's pace. @throws SystemError */
export async function fewRefused(deps: Deps): Promise<Finding> {
  const { accessLog } = operatorApiOf(deps);
  const span = { from: deps.now() - halfAnHour * deps.platform.times.pace, to: deps.now() };
  const piece = joined(await piecesOf(accessLog, span, pages));
  const { length } = piece.lines;
  if (length < fewestCalls)
    return { verdict: 'unknown', evidence: `${length} calls are too few to judge by, at least ${fewestCalls} are wanted.` };
  const refused = shareOf(piece.lines, ({ status }) => status === 429);
  const evidence = `${Number((refused * 100).toPrecision(2))}% of the calls are refused, from ${shownPiece(piece)}.`;
  return { verdict: refused < mostRefused ? 'healthy' : 'faulty', evidence };
}
