/** The platform as its customers meet it, and whether an incident is over. */

import { checking } from './checking.ts';
import { asActivity } from './engine/activity.ts';
import type { Deps } from './deps.ts';
import { checkStanding, type FindAction, type StandingInput } from './engine/standing.ts';
import { checkKnownFaults, type FoundFaults } from './known-faults.ts';
import { checkDashboard } from './observe/dashboard.ts';
import { checkLogs, type LogsInput } from './observe/logs/check.ts';
import { checkReview } from './observe/document-review.ts';
import { checkMetric, type MetricInput } from './observe/metric.ts';
import { checkRecovery, type RecoveryInput } from './recovery.ts';
import { placing, withRecorded } from './labelled-workloads.ts';
import { probe, type Probed } from './observe/probe.ts';
import { silence } from './observe/silence/silence.ts';

export const observeActions = { silence };

export const observeActivities = (deps: Deps, find: FindAction) => ({
  /** Checks that the incident is over: stricter than what opens it, and `unknown` for every incident without a measurement of its own. */
  recovered: checking((input: RecoveryInput) => checkRecovery(deps, input)),

  /** Checks that no recorded change still stands on its object; faulty names each that does. Reads only. */
  standing: checking(async (input: StandingInput) => {
    const platform = await withRecorded(deps.systems.kubernetes, deps.platform);
    return checkStanding({ ...deps, platform }, find, input);
  }),

  /** `curl`, from inside; of what customers meet, from outside too. Reads only. */
  probe: checking((input: { url: Probed }) => probe(deps, input)),

  /** One named number of Prometheus. No samples, or too few calls behind them, are unknown. Reads only. */
  metric: checking((input: MetricInput) => checkMetric(deps, input)),

  /** Faults of an operation: new or not, since when they are there, which are accepted. Remembers them, and changes nothing else. */
  knownFaults: checking((input: FoundFaults) => checkKnownFaults(deps, input)),

  /** The next review of the written runbooks, as the platform description has it: faulty once it is past. Reads only. */
  documentReview: checking(async (_: object) => checkReview(deps)),

  /** Counts lines of logs by their kinds, in Loki, else of the pods that are there; secrets are masked. Reads only. */
  logs: checking(async (given: LogsInput) => {
    const { deps: placed, input } = await placing(deps, given);
    return checkLogs(placed, input);
  }),

  /** `amtool silence add`: the planned alerts of a window, until its end. */
  silence: asActivity(deps, silence),

  /** A link for people: the verdict is always unknown. */
  dashboard: checking(async (input: { dashboard: string }) => checkDashboard(deps, input)),
});
