/**
 * How long one call may take, and an action that measures its effect. Milliseconds of real time, never multiplied by pace.
 * The time that a workflow allows an activity in all (`workflows/kit/words/activities.ts`) is more than the sum of its calls.
 */

export const limits = {
  /** One call of an outside system, the reading of its answer included. */
  call: 10_000,
  /** One question to Prometheus: a check that gets no answer has time left for canaries. */
  metrics: 5_000,
  /** One question to a pager about an accepted page: the page itself has twenty seconds in all. */
  pageState: 3_000,
  /** One statement in the database: a check makes six, and has ten seconds for all of them. */
  statement: 1_500,
  /** An endpoint that says whether it is well: one that is slower is not. */
  probe: 5_000,
  /** A write to the cluster, tried or meant: the API server asks its admission webhooks first, up to 30 s (`timeoutSeconds`). */
  clusterWrite: 35_000,
  /** Which revision a rollback would go back to, for a check that has twelve seconds and has read for some of them: samples and dry runs. */
  backTo: 4_000,
  /** An order of a person to the cluster: longer than the API server gives itself (`--request-timeout`, 60 s). */
  order: 65_000,
  /** Until every pod of a restarted workload is new. */
  rollout: 90_000,
  /** From the end of the rollout until its effect has been measured. */
  measurement: 120_000,
  /** Of the measurement: until enough jobs have started; then canaries. */
  jobs: 75_000,
  /** The same where pods follow the setting while they run: a file that is mounted follows up to a minute and a half later. */
  following: 100_000,
  /** The same at the latest, where Prometheus scrapes seldom. */
  latest: 200_000,
  /** Jobs of the last moments tell whether they follow by now. */
  newest: 30_000,
  /** No job has started for so long: they are held. Less than the half minute for which the practice platform may hold them. */
  quiet: 10_000,
  /** One canary of a measurement. */
  canary: 20_000,
  /** One canary of a check, which has half a minute for everything. */
  checkedCanary: 8_000,
  /** Between two looks at something that moves. */
  look: 2_000,
  /** For a read that guards a write: so long a short failure may last. */
  patience: 8_000,
  /** Until RDS has changed the class of an instance: less than one attempt of an action that goes on in turn has. */
  resize: 720_000,
  /** Between two looks at it. */
  resizeLook: 10_000,
  /** Between two signs of life. */
  heartbeat: 5_000,
} as const;
