/** The activities about waiting jobs that a runbook may call, in words. */

import type { Described } from './described.ts';

type Name = 'prioritizeJobs' | 'queue' | 'flow' | 'durations' | 'stuckJobs' | 'jobOwners';

export const checksOfTheQueue: { readonly [N in Name]: Described<N> } = {
  prioritizeJobs: {
    subject: 'quantum',
    does: 'Lets waiting jobs of some priorities start first, and holds others; the order inside a priority stays',
    input: {
      classes: 'priorities in the order in which their jobs start; none restores the order before',
      hold: 'optional; priorities whose jobs wait',
    },
    asks: 'never; the order before where someone else has changed it since',
    undo: 'restores what was before',
  },
  queue: {
    subject: 'quantum',
    does: 'Checks how many jobs wait, and for how long: Prometheus, the hub of each pod of the API, and job records',
    input: {
      below: 'optional; fewer jobs than so many, 100',
      youngerThan: 'optional; minutes that the oldest has waited at most, 5',
    },
  },
  flow: {
    subject: 'quantum',
    does: 'Checks whether more jobs come in than usual, or each takes longer, and when the queue first grew',
    input: { before: 'RFC 3339: when the alert began' },
  },
  durations: {
    subject: 'quantum',
    does: 'Checks how long the jobs of the last 15 minutes took, at least 20 of them',
    input: { mean: 'seconds: below it on average', p95: 'times the p95 of a week: below it' },
  },
  stuckJobs: {
    subject: 'quantum',
    does: 'Checks that no job runs for longer than it may, and none waits for half an hour while younger ones finish',
    input: { freeze: 'optional; the name under which pods that run them are frozen for an action' },
  },
  jobOwners: {
    subject: 'quantum',
    does: 'Checks whose jobs waited for more than 30 minutes, or failed, since two hours before an alert: each customer with their own count',
    input: {
      of: '`delayed` or `failed`',
      before: 'RFC 3339: when the alert began',
      freeze:
        'optional; the name under which these customers are frozen for a mail; not where the platform does not name the owners',
    },
  },
};
