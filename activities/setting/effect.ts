/** What a measurement amounts to, in one word and one sentence with its numbers. Pure. */

import type { Effect } from '../../workflows/contract/action.ts';

export interface Measured {
  role: string;
  name: string;
  pods: number;
  /** Jobs started on the wanted solver, and on any. */
  counted: { wanted: number; all: number };
  /** Solvers that jobs were seen on. */
  solvers: string[];
  /** Solver that a canary ran on. */
  canary?: string;
  remark?: string;
}

interface Asked {
  solver: string;
  excuses: Map<string, string>;
  remarks: string[];
}

type Fate = 'moved' | 'mixed' | 'stayed' | 'unmeasured' | 'empty';

export function fateOf({ counted, canary, pods }: Measured, solver: string): Fate {
  if (counted.all > 0) return counted.wanted === counted.all ? 'moved' : counted.wanted > 0 ? 'mixed' : 'stayed';
  if (canary !== undefined) return canary === solver ? 'moved' : 'stayed';
  return pods === 0 ? 'empty' : 'unmeasured';
}

/** `whole` only when every workload was measured and moved; what could not be measured is never green. */
export function effectOf(measured: Measured[], { solver, excuses, remarks }: Asked): Effect {
  const fates = measured.map(one => fateOf(one, solver)).filter(fate => fate !== 'empty');
  const none = fates.includes('stayed') && fates.every(fate => fate === 'stayed' || fate === 'unmeasured');
  const whole = fates.length > 0 && fates.every(fate => fate === 'moved') && remarks.length === 0;
  const sentences = [total(measured, solver), ...measured.map(one => sentence(one, solver, excuses)), ...remarks];
  return { measured: whole ? 'whole' : none ? 'none' : 'part', text: sentences.filter(Boolean).join(' ') };
}

function total(measured: Measured[], solver: string): string {
  const sum = (pick: (counted: Measured['counted']) => number) => measured.reduce((sum, { counted }) => sum + pick(counted), 0);
  const all = sum(({ all }) => all);
  const wanted = sum(({ wanted }) => wanted);
  if (all === 0) return 'No job has started since.';
  return `${wanted} of ${all} jobs started since ran on ${solver} (${Math.floor((100 * wanted) / all)}%).`;
}

function sentence(one: Measured, solver: string, excuses: Map<string, string>): string {
  const { name, counted, solvers, canary, remark = '' } = one;
  const because = excuses.has(name) ? `: ${excuses.get(name)}` : '';
  const fate = fateOf(one, solver);
  if (fate === 'empty') return `${name} has no pods.`;
  if (fate === 'unmeasured') return `${name} could not be measured. ${remark}`.trim();
  if (fate === 'moved') return canary === undefined ? '' : `A canary of ${name} ran on ${canary}.`;
  const where = canary ?? solvers.filter(other => other !== solver).join(', ');
  const seen = canary === undefined ? `${counted.all - counted.wanted} of its ${counted.all} jobs` : 'its canary';
  return `${name} did not move${because}; ${seen} ran on ${where}.`;
}
