/** The activities about quantum jobs that a runbook may call, in words; those about waiting jobs are in `shipped-queue.ts`. */

import type { Described } from './described.ts';

const restored = 'restores what was before';

type Name =
  | 'setFallback'
  | 'setShare'
  | 'setIntake'
  | 'dynexStatus'
  | 'probeDynex'
  | 'dynexKey'
  | 'keyVersions'
  | 'keyAge'
  | 'jobs'
  | 'solvers'
  | 'failures'
  | 'canary';

export const quantumJobs: { readonly [N in Name]: Described<N> } = {
  setFallback: {
    subject: 'quantum',
    does: 'Opens or closes the circuit breaker: every quantum job runs on a classical solver',
    input: { enabled: 'true opens it' },
    asks: 'to open it where Dynex is not measured as faulty; to close it, always',
    undo: restored,
  },
  setShare: {
    subject: 'quantum',
    does: 'Sends so many of a hundred quantum jobs to Dynex, without a restart',
    input: { percent: 'a whole number from 0 to 100' },
    asks: 'at the first stage, whose plan names the others; again where someone else changed it',
    undo: 'as setFallback; a share stays until people decide',
  },
  setIntake: {
    subject: 'quantum',
    does: 'Lets so many of a hundred jobs that ask for a quantum solver start; the others are accepted and wait',
    input: { percent: 'a whole number from 0 to 100', raise: 'optional; true: only to more than now' },
    asks: 'to let in fewer where neither a canary is wrong nor most jobs fail, and where the incident has held jobs for half an hour in all; where someone else has set it',
    undo: 'lets in as before; without an approval it ends after half an hour of its incident, with one after a day',
  },
  dynexStatus: { subject: 'quantum', does: "Checks Dynex's status page", input: {} },
  probeDynex: {
    subject: 'quantum',
    does: 'Checks that Dynex is reached, from inside and from outside, without a key',
    input: {},
  },
  dynexKey: {
    subject: 'quantum',
    does: 'Checks that Dynex takes the key in use, with a call that costs nothing',
    input: {
      secret: 'optional; a Secret with a key that is not used yet, or no more',
      revoked: 'optional; true where Dynex must refuse it',
    },
  },
  keyVersions: {
    subject: 'quantum',
    does: 'Checks that all workloads use the same key, and Dynex takes it',
    input: { secret: 'optional; the Secret from which they must take it' },
  },
  keyAge: {
    subject: 'quantum',
    does: 'Checks that the Dynex key in use is no older than the platform allows, 90 days unless told',
    input: {},
  },
  jobs: {
    subject: 'quantum',
    does: 'Checks how the jobs went that a solver finished; where there are too few, canaries',
    input: {
      solver: "'dynex' or 'classical'",
      successRate: 'optional; ratio, 0 to 1',
      orCanaries: 'optional; as many canaries as recovery takes',
      share: 'optional; ratio, 0 to 1: fewest of the jobs that the solver must have run',
      startedShare: 'optional; ratio, 0 to 1: fewest of the jobs that must have started on it',
      p95: 'optional; seconds within which 19 of 20 of them must have ended',
    },
  },
  solvers: {
    subject: 'quantum',
    does: 'Checks that the breaker is closed in every pod of the API, and that a canary on each solver finds its optimum',
    input: {},
  },
  failures: {
    subject: 'quantum',
    does: 'Checks what failed jobs have in common, by the records of the hub since an hour before',
    input: {
      by: "'reason' or 'parameters'",
      before: 'optional, RFC 3339; now',
      waiting: 'optional; true: which waiting jobs have it too',
    },
  },
  canary: { subject: 'quantum', does: 'Runs one small job with a known optimum', input: { solver: "'dynex' or 'classical'" } },
};
