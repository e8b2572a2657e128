/** What layers of limits have otherwise than reviewed, as one finding. Pure. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { LimitsFacts } from './facts.ts';

export interface LayerFaults extends Partial<LimitsFacts> {
  /** Each in words. */
  says: string[];
}

const lists = ['differing', 'belowUsual', 'tables', 'withoutEffect', 'right', 'wrong'] as const;

export function judged(layer: string, faults: LayerFaults[], fine: string): Finding<LimitsFacts> {
  const says = faults.flatMap(fault => fault.says);
  const facts = factsTogether(faults);
  if (says.length === 0) return { verdict: 'healthy', evidence: `${layer}: ${fine}`, facts };
  return { verdict: 'faulty', evidence: `${layer}: ${says.join('; ')}.`, facts };
}

export function factsTogether(all: Partial<LimitsFacts>[]): LimitsFacts {
  const facts: LimitsFacts = { differing: [], belowUsual: [], tables: [], withoutEffect: [], right: [], wrong: [] };
  for (const list of lists) facts[list] = [...new Set(all.flatMap(one => one[list] ?? []))];
  return facts;
}
