/** The facts of the checks of waiting jobs. */

/** Waiting jobs; minutes are those of the platform's pace. */
export interface QueueFacts {
  /** The deepest view. */
  depth: number;
  /** Minutes that the oldest has waited. */
  oldest: number;
  /** The same of the oldest that is urgent or high. */
  oldestPressing: number;
  active: number | undefined;
  /** Jobs a minute. */
  arrivals: number | undefined;
  completions: number | undefined;
}

/** How jobs come and go, against a week. */
export interface FlowFacts {
  /** Jobs a minute. */
  arrivals: number | undefined;
  completions: number | undefined;
  arrivalsTimesUsual: number | undefined;
  /** Seconds. */
  p95: number | undefined;
  p95TimesUsual: number | undefined;
  /** When the queue was first deep, RFC 3339; absent where it never was. */
  since: string | undefined;
}

/** Seconds. */
export interface DurationsFacts {
  jobs: number;
  mean: number | undefined;
  p95: number | undefined;
  /** Of a week. */
  usualP95: number | undefined;
}

export interface StuckJobsFacts {
  stuck: number;
  /** Pods that were frozen: they run stuck jobs. */
  pods: number;
}
