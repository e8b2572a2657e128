/** The stand-ins of the practice platform, one line each. */

import { silencesStandIn } from './silences.ts';
import { apiStandIn } from './api.ts';
import { dynexStandIn } from './dynex.ts';
import { ticketsStandIn } from './github.ts';
import { grafanaStandIn } from './grafana.ts';
import { lokiStandIn } from './loki.ts';
import { pagerdutyStandIn } from './pagerduty.ts';
import { pinningStandIn } from './pinning.ts';
import { prometheusStandIn } from './prometheus.ts';
import { slackStandIn } from './slack.ts';
import type { StandIn } from './stand-in.ts';
import { statuspageStandIn } from './statuspage.ts';
import { stripeStandIn } from './stripe.ts';

export const standIns = {
  dynex: dynexStandIn,
  prometheus: prometheusStandIn,
  silences: silencesStandIn,
  grafana: grafanaStandIn,
  loki: lokiStandIn,
  api: apiStandIn,
  slack: slackStandIn,
  pagerduty: pagerdutyStandIn,
  statuspage: statuspageStandIn,
  tickets: ticketsStandIn,
  stripe: stripeStandIn,
  pinning: pinningStandIn,
} satisfies Record<string, StandIn>;

export type PracticeSystem = keyof typeof standIns;
const isSystem = (name: string): name is PracticeSystem => name in standIns;
export const practiceSystems = Object.keys(standIns).filter(isSystem);

/** The same of each system, by its name. */
export function ofEach<T>(make: (system: PracticeSystem) => T): Record<PracticeSystem, T>;
export function ofEach<T>(make: (system: PracticeSystem) => T): Record<string, T> {
  return Object.fromEntries(practiceSystems.map(system => [system, make(system)]));
}
