/** When which alerts of one seed fire. */

import type { Faults } from './faults.ts';

/** A time in which an alert fires, in minutes after the incident opens. */
export interface Firing {
  fingerprint: string;
  alertname: string;
  from: number;
  to: number;
  /** Another one than ours. */
  cluster?: string;
}

const dynex = { fingerprint: 'f00d', alertname: 'DynexHealthCheckFailed' };

/** Each alert ends some day, else the incident rightly stays open. */
export function firings(faults: Faults): Firing[] {
  const { happens, stream } = faults;
  const end = happens('alert resolves', 0.7) ? 1 + stream('alert resolves').below(60) : 240;
  const began = happens('old alert', 0.7) ? stream('old alert').pick([-50, -90, -600, -5000]) : 0;
  const all: Firing[] = [{ ...dynex, from: began, to: end }];
  if (happens('second alert', 0.7))
    all.push({
      fingerprint: 'beef',
      alertname: 'QuantumServiceUnavailable',
      from: 0.3,
      to: 1 + stream('second alert').below(90),
    });
  if (happens('alert of ours', 0.9)) all.push(...ours(faults));
  if (happens('another cluster', 0.7))
    all.push({ fingerprint: 'c0de', alertname: 'DynexHealthCheckFailed', from: 2, to: 1e4, cluster: 'elsewhere' });
  return happens('alert flaps', 0.7) ? [...all, ...again(faults, end)] : all;
}

/** That most jobs run classically, which the circuit breaker of the runbook causes; once, or again after its end. */
function ours(faults: Faults): Firing[] {
  const { below, chance } = faults.stream('alert of ours');
  const alert = { fingerprint: 'cafe', alertname: 'QuantumFallbackRateHigh' };
  const from = below(chance(0.5) ? 20 : 120);
  const to = from + 1 + below(120);
  const first = { ...alert, from, to };
  return chance(0.5) ? [first] : [first, { ...alert, from: to + 1 + below(30), to: to + 60 + below(60) }];
}

function again(faults: Faults, end: number): Firing[] {
  const { below } = faults.stream('alert flaps');
  const all: Firing[] = [];
  for (let times = 1 + below(3), to = end; times > 0; times -= 1) {
    const from = to + 1 + below(70);
    to = from + 1 + below(30);
    all.push({ ...dynex, from, to });
  }
  return all;
}
