import { type Fault, faultClasses } from './faults.ts';
import { simulate, type Simulated } from './simulate.ts';
import type { Subject } from './subject.ts';

export interface Search {
  from: number;
  seeds: number;
  /** Fewest histories that each class of fault must have changed. */
  least: number;
  say: (line: string) => void;
}

export interface Found {
  violations: Simulated[];
  /** Classes of faults that changed too few histories: a generator that fires nothing proves nothing. */
  missing: Fault[];
}

/** Simulates one seed after the other, and counts for each class of fault the histories that it changed. */
export async function search(subject: Subject, { from, seeds, least, say }: Search): Promise<Found> {
  const violations: Simulated[] = [];
  const changed = new Map<Fault, number>(faultClasses.map(fault => [fault, 0]));
  let said = Date.now();
  for (let seed = from; seed < from + seeds; seed += 1) {
    const simulated = await simulate(subject, seed);
    if (simulated.violation) {
      violations.push(simulated);
      say(`seed ${seed}: ${simulated.violation.message}\n  repeat: npm run simulate -- --from ${seed} --seeds 1`);
    }
    await count(subject, simulated, changed, least);
    if (Date.now() - said > 8000) {
      said = Date.now();
      say(`… ${seed - from + 1} of ${seeds} seeds, ${violations.length} violations`);
    }
  }
  const missing = faultClasses.filter(fault => (changed.get(fault) ?? 0) < least);
  say(
    `${seeds} seeds, ${violations.length} violations; histories changed: ${[...changed].map(([fault, times]) => `${fault} ${times}`).join(', ')}`,
  );
  if (missing.length > 0) say(`too few histories (${least} wanted) were changed by: ${missing.join(', ')}`);
  return { violations, missing };
}

/** A fault counts only if the history differs from the same seed without it. */
async function count(subject: Subject, simulated: Simulated, changed: Map<Fault, number>, least: number) {
  for (const fault of simulated.fired) {
    const times = changed.get(fault) ?? 0;
    if (least > 0 && times >= least) continue;
    if (fault === 'crash') changed.set(fault, times + 1);
    else if (
      least > 0 &&
      (await simulate(subject, simulated.seed, { without: fault, unlike: simulated })).digest !== simulated.digest
    )
      changed.set(fault, times + 1);
  }
}
