/** How fast people must be there, by severity: the clocks of the written runbooks, and who silence wakes next. */

import type { Role, Severity } from '../contract/index.ts';

export interface Rung {
  /** Minutes since we first paged. */
  after: number;
  roles: Role[];
}

/** All times in minutes. They wait for people, so no platform makes them faster. */
export interface Urgency {
  /** From when the alert fired until someone must have acknowledged, and until it must be restored. */
  clocks: { acknowledge?: number; restore?: number };
  /** Empty: it wakes no one. */
  ladder: Rung[];
  /** Without a sign of life for so long, whoever acknowledged is paged again. */
  silence: number;
}

const rungs = (...after: [number, number, number, number]): Rung[] =>
  (['primary', 'secondary', 'escalation', 'management'] as const).map((role, index) => ({
    after: after[index] ?? 0,
    roles: [role],
  }));

export const urgencies: Readonly<Record<Severity, Urgency>> = {
  P0: { clocks: { acknowledge: 15, restore: 4 * 60 }, ladder: rungs(0, 5, 10, 15), silence: 15 },
  P1: { clocks: { acknowledge: 15, restore: 8 * 60 }, ladder: rungs(0, 5, 15, 30), silence: 30 },
  P2: { clocks: { acknowledge: 30, restore: 24 * 60 }, ladder: [], silence: 30 },
  P3: { clocks: {}, ladder: [], silence: 30 },
};
