/** A check that was never healthy on this installation may be looking at the wrong place: its fault is no evidence yet. */

import type { Finding } from '../workflows/contract/finding.ts';
import { digestOf } from './canonical.ts';
import type { Deps } from './deps.ts';

/** @param what the check and the address it looks at. */
export async function trusted<F extends object>(
  { systems: { artifacts }, now }: Pick<Deps, 'systems' | 'now'>,
  what: { check: string; address: string },
  finding: Finding<F>,
): Promise<Finding<F>> {
  const record = `seen/${digestOf(what)}`;
  if (finding.verdict === 'unknown') return finding;
  const seen = await artifacts.read(record);
  if (finding.verdict === 'faulty') return seen === undefined ? distrusted(what.address, finding) : finding;
  if (seen === undefined) await artifacts.write(record, JSON.stringify({ ...what, first: new Date(now()).toISOString() }));
  return finding;
}

const distrusted = <F extends object>(address: string, finding: Finding<F>): Finding<F> => ({
  ...finding,
  verdict: 'unknown',
  evidence: `Never seen healthy here, so check the address ${address} first. ${finding.evidence}`,
});
