/** The result of a measurement, in one word and one sentence with its numbers. Pure. */

import type { Effect } from '../../../workflows/contract/action.ts';

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

/** Parts of the jobs that run on the wanted solver, 0 to 1: before, as they should, and how near to that is near enough. */
export interface Share {
  from: number;
  to: number;
  within: number;
}

/** The jobs that a circuit breaker moves. */
export const everyJob = { from: 0, to: 1 };

export interface Asked {
  solver: string;
  share: Share;
  /** Fewest jobs of all workloads together that count as a measurement. */
  atLeast: number;
  excuses: Map<string, string>;
  remarks: string[];
}

type Movement = 'moved' | 'mixed' | 'stayed' | 'unmeasured' | 'empty';

/** Too few jobs are no measurement by themselves; with a canary they count beside it. */
function movementOf({ counted: { wanted, all }, canary, pods }: Measured, { solver, share }: Asked, enough: boolean): Movement {
  if (pods === 0) return 'empty';
  if (canary === undefined && !(enough && all > 0)) return 'unmeasured';
  const found = (wanted + (canary === solver ? 1 : 0)) / (all + (canary === undefined ? 0 : 1));
  const isAt = (wanted: number) => Math.abs(found - wanted) <= share.within + rounding;
  if (isAt(share.to)) return 'moved';
  return isAt(share.from) ? 'stayed' : 'mixed';
}

const rounding = 1e-9;

/** True if nothing is left to wait for: every workload that can move has. */
export const haveMoved = (measured: Measured[], asked: Asked): boolean =>
  measured
    .filter(({ name }) => !asked.excuses.has(name))
    .every(one => ['moved', 'empty'].includes(movementOf(one, asked, isEnough(measured, asked.atLeast))));

export const isEnough = (measured: Measured[], atLeast: number) =>
  measured.reduce((jobs, { counted }) => jobs + counted.all, 0) >= atLeast;

/** `whole` only when every workload was measured and moved; what could not be measured at all has no effect to speak of. */
export function effectOf(measured: Measured[], asked: Asked): Effect {
  const enough = isEnough(measured, asked.atLeast);
  const judged = measured.map(one => ({ ...one, movement: movementOf(one, asked, enough) }));
  const movements = judged.map(({ movement }) => movement).filter(movement => movement !== 'empty');
  const whole = movements.length > 0 && movements.every(movement => movement === 'moved') && asked.remarks.length === 0;
  const part = movements.includes('moved') || movements.includes('mixed');
  const sentences = [
    movements.every(movement => movement === 'unmeasured') && 'Nothing could be measured, so the step does not count as done.',
    total(measured, asked),
    ...judged.map(one => sentence(one, asked)),
    ...asked.remarks,
  ];
  return { measured: whole ? 'whole' : part ? 'part' : 'none', text: sentences.filter(Boolean).join(' ') };
}

function total(measured: Measured[], { solver, share, atLeast }: Asked): string {
  const sum = (pick: (counted: Measured['counted']) => number) => measured.reduce((sum, { counted }) => sum + pick(counted), 0);
  const all = sum(({ all }) => all);
  const wanted = sum(({ wanted }) => wanted);
  if (all === 0) return 'No job was seen to start since.';
  const ran = `${wanted} of ${all} jobs started since ran on ${solver}`;
  if (all < atLeast) return `${ran}: fewer than ${atLeast} are too few to judge by.`;
  const target = share.to === 1 ? '' : `, ${percent(share.to)}% wanted`;
  return `${ran} (${Math.floor((100 * wanted) / all)}%${target}).`;
}

const percent = (share: number) => Math.round(100 * share);

function sentence(one: Measured & { movement: Movement }, { solver, excuses }: Asked): string {
  const { name, movement, counted, solvers, canary, remark = '' } = one;
  if (movement === 'empty') return `${name} has no pods.`;
  if (movement === 'unmeasured') return `${name} could not be measured. ${remark}`.trim();
  if (movement === 'moved') return canary === undefined ? '' : `A canary of ${name} ran on ${canary}.`;
  const because = excuses.has(name) ? `: ${excuses.get(name)}` : '';
  const others = solvers.filter(other => other !== solver).join(', ');
  const jobs = counted.all > counted.wanted && `${counted.all - counted.wanted} of its ${counted.all} jobs ran on ${others}`;
  const asked = canary !== undefined && `its canary ran on ${canary}`;
  const moved = movement === 'mixed' ? 'moved in part' : 'did not move';
  return `${name} ${moved}${because}; ${[jobs, asked].filter(Boolean).join(', ')}.`;
}
