/** Layers of limits that are otherwise than reviewed, as one finding. Pure. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { LimitsFacts } from './facts.ts';

export interface LayerFaults extends Partial<LimitsFacts> {
  /** Each in words. */
  says: string[];
}

const lists = ['differing', 'belowUsual', 'tables', 'withoutEffect', 'ours', 'right', 'wrong'] as const;

/** @param fine what is as reviewed; empty where nothing is */
export function judged(layer: string, faults: LayerFaults[], fine: string): Finding<LimitsFacts> {
  const says = faults.flatMap(fault => fault.says);
  const ours = faults.flatMap(fault => fault.ours ?? []);
  const told = says.length === 0 ? fine : `${says.join('; ')}.`;
  const evidence = [`${layer}:`, told, ours.length > 0 ? `Ours: ${ours.join('; ')}.` : ''].filter(text => text !== '').join(' ');
  return { verdict: says.length === 0 ? 'healthy' : 'faulty', evidence, facts: factsTogether(faults) };
}

export function factsTogether(all: Partial<LimitsFacts>[]): LimitsFacts {
  const facts: LimitsFacts = { differing: [], belowUsual: [], tables: [], withoutEffect: [], ours: [], right: [], wrong: [] };
  for (const list of lists) facts[list] = [...new Set(all.flatMap(one => one[list] ?? []))];
  return facts;
}
