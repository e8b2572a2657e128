/** The facts of each check, for the diagnosis. Everything here is measured; a field that could not be measured is absent. */

import type { TakeBack } from '../workflows/contract/action.ts';
import type { Verdict, Workload } from '../workflows/contract/vocabulary.ts';

export type * from './access/facts.ts';
export type * from './billing/facts.ts';
export type * from './database/facts.ts';
export type * from './ipfs/facts.ts';
export type * from './kubernetes/pods-facts.ts';
export type * from './gateway/facts.ts';
export type * from './quantum/failing-facts.ts';
export type { KnownFaultsFacts } from './known-faults.ts';
export type * from './quantum/queue-facts.ts';

/** The provider's own word; absent where its page is not connected. */
export interface DynexStatusFacts {
  /** The open incident of the provider; null when it reports none. */
  incident: string | null;
}

/** Someone else's change nearest before the first bad sample; ours never counts. */
export interface RolloutsFacts {
  change: {
    /** As people name it: `Deployment shop/storefront: image`. */
    what: string;
    who: string;
    /** RFC 3339. */
    at: string;
    minutesBefore: number;
  } | null;
  /** Someone else's rollout of one of the workloads, nearest before the first bad sample; ours never counts. */
  rollout: {
    workload: Workload;
    /** The Deployment's own count of its rollouts, as `kubectl rollout history` shows it. */
    revision: number;
    /** RFC 3339. */
    at: string;
    minutesBefore: number;
  } | null;
  /** Where it was asked for: the revision that a rollback would go back to as things are now; null where none fits, and why. */
  backTo?: { revision: number } | { revision: null; because: string } | undefined;
}

/** Nodes of the cluster. */
export interface NodesFacts {
  nodes: number;
  /** Names of those that are not Ready, or under pressure. */
  faulty: string[];
}

/** The pod, node or quota that uses most of what it may use, 0 to 1 (more where a request is exceeded). */
export interface UsageFacts {
  highest: number;
  object: string;
  /** `cpu`, `memory`, or as a quota calls it: `limits.cpu`. */
  resource: string;
}

/** Services without a ready endpoint, or Ingresses that lead nowhere. */
export interface ServicesFacts {
  objects: number;
  /** Names of those at fault. */
  faulty: string[];
  /** Until the first certificate of an Ingress expires. */
  certificateDays?: number | undefined;
}

/** The last rollout of a workload. */
export interface RolloutStatusFacts {
  wanted: number;
  updated: number;
  available: number;
  /** Of a Deployment, as `kubectl rollout history` shows it. */
  revision: number | undefined;
  /** RFC 3339. */
  rolledOutAt: string | undefined;
}

/** A ConfigMap against the values that were agreed on. */
export interface ConfigMapFacts {
  /** Keys with another value. */
  differing: string[];
  /** Names of workloads that do not read every key. */
  unreadBy: string[];
}

export interface ScalingFacts {
  autoscalers: { name: string; current: number; desired: number; most: number }[];
  /** Names of those that want no fewer than their most. */
  atCeiling: string[];
  /** Names of those that have no value of a metric. */
  blind: string[];
}

/** Lines of the logs that match, by their kinds. */
export interface LogsFacts {
  lines: number;
  /** Most frequent first; numbers and ids folded, secrets masked. */
  shapes: { text: string; count: number }[];
  /** The counts of `shapes` are of so many newest lines; absent where they are of all. */
  sample: number | undefined;
  /** Kinds that no earlier day has. */
  fresh: string[];
  /** Lines in the middle of the earlier days; absent where they were not compared. */
  usual: number | undefined;
}

export interface MetricFacts {
  value: number;
}

/** The parts of the recovery of the platform. */
export interface PlatformRecoveredFacts {
  /** Calls of the API in the window. */
  calls: number;
  unhealthyPods: number;
}

/** The same endpoint from two viewpoints: this process, and Prometheus' blackbox exporter. */
export interface ProbeDynexFacts {
  inside: Verdict;
  outside: Verdict;
}

/** HTTP status of the authenticated call with the key in use. */
export interface DynexKeyFacts {
  code: number;
}

/** Manifests as they were saved. */
export interface ManifestsFacts {
  digest: string;
  objects: number;
  /** Values that look like secrets. */
  hidden: number;
}

/** Fields that differ from saved manifests, and objects that are new or gone. */
export interface DifferencesFacts {
  differences: number;
}

/** The Secrets that workloads take the key from. */
export interface KeyVersionsFacts {
  secrets: string[];
}

export interface JobsFacts {
  /** Part of all finished jobs that ran on the solver asked for, 0 to 1. */
  share: number;
  /** Part of that solver's jobs that succeeded, 0 to 1; mock answers are failures. */
  successRate: number;
  /** Jobs of that solver in the window. */
  jobs: number;
}

export interface CanaryFacts {
  /** The solver that answered. */
  solver: string;
}

export interface RecoveredFacts extends JobsFacts {
  canaries: number;
}

/** Changes whose records still stand, by their keys; `standing` without those that are meant to outlast their incident. */
export interface StandingFacts {
  standing: string[];
  /** Keys of those that stand until people decide. */
  staying?: string[];
  /** Those among them that no receipt has named: the try that made them was cut off, or its answer was lost. */
  found?: TakeBack[];
}
