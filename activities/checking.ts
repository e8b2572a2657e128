/** A check never throws for a faulty world: a system that does not answer is `unknown`, and says so. */

import type { Finding } from '../workflows/contract/finding.ts';
import { part } from './together.ts';

/** Evidence is for people: this many characters at most. */
const longest = 600;

export const checking =
  <I, F extends object>(check: (input: I) => Promise<Finding<F>>) =>
  async (input: I): Promise<Finding<F>> => {
    const finding = await answered(() => check(input));
    return { ...finding, evidence: shortened(finding.evidence) };
  };

/** The finding of a check that cannot be left out. */
export async function answered<F extends object>(look: () => Promise<Finding<F>>): Promise<Finding<F>> {
  const seen = await part(look);
  return 'leftOut' in seen ? { verdict: 'unknown', evidence: seen.leftOut } : seen;
}

const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
