/** The platform as its customers meet it, and whether an incident is over. */

import type { Finding } from '../workflows/contract/index.ts';
import { answered, checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { checkKey } from './dynex-key.ts';
import type { RecoveredFacts } from './facts.ts';
import { checkDashboard } from './observe/dashboard.ts';
import { checkMetric, type MetricInput } from './observe/metric.ts';
import { jobsOrCanaries } from './resuming.ts';
import { evidenceOf, part, together } from './together.ts';
import { fromBothSides, type Target, viewsOf } from './viewpoints.ts';

export const observeActivities = (deps: Deps) => ({
  /** Stricter than what opens an incident: enough jobs succeeded on Dynex, and probes and key are healthy where they are connected. */
  recovered: checking((_: { of: 'dynex-outage' }) => dynexRecovered(deps)),

  /** `curl -I`, from inside and from outside. Reads only. */
  probe: checking(({ url }: { url: Target }): Promise<Finding> => fromBothSides(deps, url)),

  /** One named number of Prometheus. No samples, or too few calls behind them, are unknown. Reads only. */
  metric: checking((input: MetricInput) => checkMetric(deps, input)),

  /** A link for people: the verdict is always unknown. */
  dashboard: checking(async (input: { dashboard: string }) => checkDashboard(deps, input)),
});

async function dynexRecovered(deps: Deps): Promise<Finding<RecoveredFacts>> {
  const [jobs, key, { inside, outside }] = await Promise.all([
    answered(() => jobsOrCanaries(deps, 'dynex', deps.platform.quantum.successRate)),
    part(() => checkKey(deps)),
    viewsOf(deps, 'dynex'),
  ]);
  const parts = [jobs, key, inside, outside];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: jobs.facts ?? {} };
}
