/** A check never throws for a faulty world: a system that does not answer is `unknown`, and says so. */

import type { Finding } from '../workflows/contract/finding.ts';
import { SystemError } from './connectors/system-error.ts';

/** Evidence is for people: this many characters at most. */
const longest = 600;

export const checking =
  <I, F extends object>(check: (input: I) => Promise<Finding<F>>) =>
  async (input: I): Promise<Finding<F>> => {
    const finding = await answered(() => check(input));
    return { ...finding, evidence: shortened(finding.evidence) };
  };

/** What a look amounts to, its own system's silence included. */
export async function answered<F extends object>(look: () => Promise<Finding<F>>): Promise<Finding<F>> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SystemError) return { verdict: 'unknown', evidence: `${error.message}.` };
    throw error;
  }
}

const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
