import {
  type Alert,
  type Plan,
  type Receipt,
  searchAttributeNames,
  type Start,
  type TakeBackStart,
} from '../../workflows/contract/index.ts';

export const threeAtNight = Date.parse('2026-11-24T03:00:00Z');
export const minutes = (count: number) => count * 60_000;

export const anAlert = (change: Partial<Alert> = {}): Alert => ({
  name: 'DynexHealthCheckFailed',
  status: 'firing',
  fingerprint: 'f00d',
  startsAt: new Date(threeAtNight).toISOString(),
  labels: { severity: 'critical', runbook: 'dynex-outage' },
  annotations: { summary: 'No probe reaches Dynex' },
  source: 'alertmanager',
  ...change,
});

export const aStart = (alert = anAlert(), pace = 1): Start => ({
  version: 1,
  name: 'dynex-outage-20261124-k7fp',
  alert,
  platform: { pace, quietMinutes: { P0: 60, P1: 60, P2: 30, P3: 30 } },
});

/** As an intake of today opens it: with drafts for the public. */
export function aDraftingStart(alert = anAlert()): Start {
  const start = aStart(alert);
  return { ...start, platform: { ...start.platform, drafts: true } };
}

/** As on an installation that has our search attributes. */
export const aFoundStart = (alert = anAlert()): Start => ({ ...aStart(alert), attributes: [...searchAttributeNames] });

export const aPlan = (digest = 'd1'): Plan => ({
  summary: 'Jobs go back to Dynex',
  changes: [{ target: 'ConfigMap nqba-platform/nqba-config', field: 'QUANTUM_BACKEND', before: 'classical', after: 'dynex' }],
  consequences: ['nqba-worker restarts'],
  digest,
});

export const aReceipt = (change: Partial<Receipt> = {}): Receipt => ({
  note: 'Jobs run on classical solvers',
  changes: [{ target: 'ConfigMap nqba-platform/nqba-config', field: 'QUANTUM_BACKEND', before: 'dynex', after: 'classical' }],
  effect: { measured: 'whole', text: '5 of 5 jobs ran classically' },
  takeBack: {
    action: 'setFallback',
    key: 'k',
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
    words: 'a change',
  },
  ...change,
});

/** What a take-back is started with; without a time it is wanted now. */
export const aTakeBack = (change: Partial<TakeBackStart> = {}): TakeBackStart => ({
  version: 1,
  name: 'take-back-20261124-x2q9',
  incident: 'dynex-outage-20261124-k7fp',
  title: 'Activate Circuit Breaker',
  takeBack: {
    action: 'setFallback',
    key: 'incident/phase/step/1',
    target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config' },
    words: 'a change',
  },
  platform: aStart().platform,
  ...change,
});
