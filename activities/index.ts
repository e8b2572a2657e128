/** Everything that touches the world, grouped by subject. */

import { commsActivities } from './comms.ts';
import type { Deps } from './deps.ts';
import { kubernetesActivities } from './kubernetes.ts';
import { type FindCheck, lookingActivities } from './looking.ts';
import { observeActivities } from './observe.ts';
import { oncallActivities } from './oncall.ts';
import { quantumActivities } from './quantum.ts';
import { recordActivities } from './record.ts';

export type { Deps } from './deps.ts';
export type * from './facts.ts';
export type { TextName } from './messages/texts.ts';
export type { MetricName } from './queries.ts';
export type { Unseen, UnseenBefore } from './record.ts';

/** Actions are `(input, call) => Outcome`, checks `(input) => Finding`. */
export function createActivities(deps: Deps) {
  const kubernetes = kubernetesActivities(deps);
  const quantum = quantumActivities(deps);
  const observe = observeActivities(deps);
  const { rollouts, nodes, pods, usage, secret, networkPolicies } = kubernetes;
  const { dynexStatus, probeDynex, dynexKey, keyVersions, stages, jobs, canary } = quantum;
  const ofDynex = { dynexStatus, probeDynex, dynexKey, keyVersions, stages, jobs, canary };
  const checks = { rollouts, nodes, pods, usage, secret, networkPolicies, ...ofDynex, ...observe };
  const find: FindCheck = type => Object.entries(checks).find(([name]) => name === type)?.[1];
  return {
    kubernetes,
    quantum,
    comms: commsActivities(deps),
    oncall: oncallActivities(deps),
    observe,
    record: recordActivities(deps),
    looking: lookingActivities(deps, find),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** One activity as Temporal calls it. */
export type Activity = (...args: never[]) => Promise<unknown>;

/** By Temporal activity type, the name without its group. Throws when two groups use one name. */
export function byType(activities: Activities): Record<string, Activity> {
  const types: Record<string, Activity> = {};
  for (const [subject, group] of Object.entries(activities))
    for (const [name, activity] of Object.entries<Activity>(group)) {
      if (name in types) throw new Error(`Two activities are called ${name}: rename the one in ${subject}.`);
      types[name] = activity;
    }
  return types;
}
