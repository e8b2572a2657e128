/** Alerts that an action of ours causes: while it is in effect they are no symptom. */

import type { ActionName, InputOf } from './activities.ts';

/** An action, what of its input causes the alert, and what of it causes none. */
export type Mitigation = {
  [N in ActionName]: { action: N; input: Partial<InputOf<N>>; unless?: Partial<InputOf<N>> };
}[ActionName];

export const causedByUs: Readonly<Record<string, Mitigation>> = {
  QuantumFallbackRateHigh: { action: 'setFallback', input: { enabled: true } },
  JobQueueDeep: { action: 'setIntake', input: {}, unless: { percent: 100 } },
};
