/** The activities that a runbook may call, in words: `runbooks activities` and docs/activities.md are made from it. */

import type { Activities } from '../../activities/index.ts';
import type { InputOf, ShippedName } from './activities.ts';

type SubjectOf<N extends string> = { [S in keyof Activities]: N extends keyof Activities[S] ? S : never }[keyof Activities];
type FieldOf<I> = I extends unknown ? keyof I & string : never;

/** Without a word for each of its inputs it does not compile. */
interface Described<N extends ShippedName> {
  subject: SubjectOf<N>;
  does: string;
  /** Each field of its input; an optional one begins with `optional`. */
  input: Record<FieldOf<InputOf<N>>, string>;
  /** When people are asked first. A held or unarmed action always asks. */
  asks?: string;
  undo?: string;
}

const workload = 'a workload, as platform.json calls it';
const workloads = 'workloads, as platform.json calls them';
const restored = 'restores what was before';

export const shipped: { readonly [N in ShippedName]: Described<N> } = {
  restart: {
    subject: 'kubernetes',
    does: 'Restarts the pods of a workload, as `kubectl rollout restart`',
    input: { workload },
    asks: 'where what pods keep in memory is lost (the API), or all pods stop at once (strategy Recreate)',
    undo: 'none: a restart is an event',
  },
  rollBack: {
    subject: 'kubernetes',
    does: 'Rolls a workload back to the revision that served healthily longest',
    input: { workload },
    asks: 'always',
    undo: 'rolls forward to the revision that was left; it stays until people decide',
  },
  raiseFloor: {
    subject: 'kubernetes',
    does: 'Raises the fewest replicas of a workload: the floor of its autoscaler, else its replicas',
    input: { workload, atLeast: "a count from 1 to 1000, or 'twice' what runs now" },
    asks: 'where it does not fit as wanted',
    undo: restored,
  },
  setConfigMap: {
    subject: 'kubernetes',
    does: 'Sets keys of a ConfigMap, and restarts what reads them at its start',
    input: { configMap: 'a ConfigMap, as platform.json calls it', values: 'a text for each key; null removes the key' },
    asks: 'always',
    undo: restored,
  },
  setResources: {
    subject: 'kubernetes',
    does: 'Sets requests and limits of a container',
    input: {
      workload,
      container: 'optional; the one that does the work',
      requests: 'optional: cpu, memory',
      limits: 'optional: cpu, memory',
    },
    asks: 'always',
    undo: restored,
  },
  deletePods: {
    subject: 'kubernetes',
    does: 'Deletes the pods of a list that a check froze, by the eviction API',
    input: { list: 'the name under which a check froze them' },
    asks: 'always',
    undo: 'none: the controller replaces a deleted pod',
  },
  giveBackReplica: {
    subject: 'kubernetes',
    does: 'Makes room in the quota: one workload that runs quantum jobs has a replica less',
    input: { for: 'the workloads whose rollout needs room' },
    asks: 'always',
    undo: restored,
  },
  useSecret: {
    subject: 'kubernetes',
    does: 'Lets the workloads take the Dynex key from another Secret, one workload after the other',
    input: { secret: 'the name of the Secret', of: 'optional; whose key it is' },
    asks: 'always',
    undo: 'returns to the former Secret; it stays until people decide',
  },
  secret: {
    subject: 'kubernetes',
    does: 'Checks that a Secret has a key, and another one than the workloads use',
    input: {
      secret: 'the name of the Secret',
      of: 'optional; whose key it is',
      differs: 'optional; false where the same key will do',
    },
  },
  networkPolicies: {
    subject: 'kubernetes',
    does: 'Checks that NetworkPolicies let these pods reach a system',
    input: { workloads, to: 'optional; the system' },
  },
  rollouts: {
    subject: 'kubernetes',
    does: 'Lists what was changed before a time, with who and when',
    input: { workloads, before: 'RFC 3339' },
  },
  nodes: { subject: 'kubernetes', does: 'Checks that all nodes are Ready and none is under pressure', input: {} },
  pods: {
    subject: 'kubernetes',
    does: 'Checks that workloads have the pods that they want, ready; and why not',
    input: {
      workloads: 'optional; all',
      freeze: 'optional; the name under which the unhealthy pods are frozen for an action',
      admission: 'optional; only whether anything stands in the way of new pods',
    },
  },
  usage: {
    subject: 'kubernetes',
    does: 'Checks that no container uses as much of its limit, else of its request, as `kubectl top pods`',
    input: { of: "'pods'", workloads, below: 'ratio, 0 to 1' },
  },
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
  dynexStatus: { subject: 'quantum', does: "Checks Dynex's status page", input: {} },
  probeDynex: {
    subject: 'quantum',
    does: 'Checks that Dynex is reached, from inside and from outside, without a key',
    input: {},
  },
  dynexKey: {
    subject: 'quantum',
    does: 'Checks that Dynex takes the key in use, with a call that costs nothing',
    input: { secret: 'optional; a Secret with a key that is not used yet' },
  },
  keyVersions: { subject: 'quantum', does: 'Checks that all workloads use the same key, and Dynex takes it', input: {} },
  jobs: {
    subject: 'quantum',
    does: 'Checks how the jobs went that a solver finished; where there are too few, canaries',
    input: {
      solver: "'dynex' or 'classical'",
      successRate: 'optional; ratio, 0 to 1',
      orCanaries: 'optional; as many canaries as recovery takes',
      share: 'optional; ratio, 0 to 1: fewest of the jobs that the solver must have run',
      startedShare: 'optional; ratio, 0 to 1: fewest of the jobs that must have started on it',
    },
  },
  canary: { subject: 'quantum', does: 'Runs one small job with a known optimum', input: { solver: "'dynex' or 'classical'" } },
  probe: {
    subject: 'observe',
    does: 'Checks an address from inside and from outside, as `curl -I`',
    input: { url: 'the target, as the platform knows it' },
  },
  metric: {
    subject: 'observe',
    does: 'Checks one named number of Prometheus',
    input: { metric: 'its name', above: 'optional; faulty above', below: 'optional; faulty below', calls: 'optional; fewest' },
  },
  dashboard: {
    subject: 'observe',
    does: 'Links a dashboard for people: a picture is no measurement',
    input: { dashboard: 'its name in links.dashboards' },
  },
  recovered: {
    subject: 'observe',
    does: 'Checks that the incident of a shipped runbook is over, stricter than its alert',
    input: { of: 'the slug of the runbook', symptom: 'optional; only whether its symptom is gone' },
  },
  reachable: { subject: 'database', does: 'Checks that PostgreSQL lets us in and answers a read within a second', input: {} },
  load: { subject: 'database', does: 'Checks connections, lock waits and the slowest statements of PostgreSQL', input: {} },
  declareIncident: {
    subject: 'comms',
    does: 'Posts the incident in its Slack channel, and keeps that message true',
    input: { title: 'the runbook', channel: 'optional; true for a channel of its own, or { private, roles }' },
  },
  setStatusPage: {
    subject: 'comms',
    does: 'Publishes a text, while what it claims is measured, and the state of a component',
    input: { component: 'as in platform.json', status: "Statuspage's word", text: 'a shipped text', share: 'optional; ratio' },
    asks: 'never; held and observed as an action is',
    undo: 'withdraws the notice',
  },
  tellCustomers: { subject: 'comms', does: 'Prepares a mail that a person sends', input: { text: 'the name of a shipped text' } },
  remark: { subject: 'comms', does: "Posts a text in the incident's channel, once", input: { text: 'the text' } },
  page: {
    subject: 'oncall',
    does: 'Pages roles; the next one where no one of a role is reached',
    input: { roles: 'roles of platform.json', because: 'optional; why', again: 'optional; which page of the escalation it is' },
  },
};
