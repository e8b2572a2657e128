/** Alerts that an action of ours causes: while it is in effect they are no symptom. */

export interface Mitigation {
  /** Activity type of the action. */
  action: string;
  /** The input with which it causes the alert. */
  input: Readonly<Record<string, unknown>>;
}

export const causedByUs: Readonly<Record<string, Mitigation>> = {
  QuantumFallbackRateHigh: { action: 'setFallback', input: { enabled: true } },
};
