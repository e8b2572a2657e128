/** What each check tells the diagnosis. Everything here is measured; a field that could not be measured is absent. */

import type { Verdict } from '../workflows/contract/vocabulary.ts';

/** The provider's own word; absent where its page is not connected. */
export interface DynexStatusFacts {
  /** What the provider says is wrong; null when it says that nothing is. */
  incident: string | null;
}

/** Somebody else's change nearest before the first bad sample; ours never counts. */
export interface RolloutsFacts {
  change: {
    /** As people name it: `Deployment nqba-platform/nqba-worker: image`. */
    what: string;
    who: string;
    /** RFC 3339. */
    at: string;
    minutesBefore: number;
  } | null;
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

export interface JobsFacts {
  /** Part of all finished jobs that ran on the solver asked for, 0 to 1. */
  share: number;
  /** Part of that solver's jobs that succeeded, 0 to 1; mock answers are failures. */
  successRate: number;
  /** Jobs of that solver in the window. */
  jobs: number;
}

/** How jobs return to Dynex: how many of a hundred, one stage after the other. */
export interface StagesFacts {
  stages: number[];
}

export interface CanaryFacts {
  /** The solver that answered. */
  solver: string;
}

export interface RecoveredFacts extends JobsFacts {
  canaries: number;
}
