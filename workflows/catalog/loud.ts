/** Alerts that no silence may name: P0, those that prove that detection works, and outside probes, which see what customers see. Pure. */

import { blind } from './evidence.ts';
import { runbooks } from './runbooks.ts';

/** Their rules ask a probe from outside (`probe_success`); a test compares them with the rules. */
export const outsideProbes = ['PlatformUnavailable', 'DynexHealthCheckFailed', 'QuantumServiceUnavailable', 'LoginProbeFailed'];

const proofs = ['Watchdog', 'RunbookSignalsMissing', ...Object.keys(blind)];

/** Why an alert stays loud; nothing where it may be silenced. */
export function staysLoud(alert: string): string | undefined {
  if (proofs.includes(alert)) return 'it proves that detection works';
  if (outsideProbes.includes(alert)) return 'it is an outside probe';
  const opensP0 = runbooks.some(({ severity, alerts }) => severity === 'P0' && alerts.some(({ name }) => name === alert));
  return opensP0 ? 'it opens a P0' : undefined;
}
