/** The activities that a runbook may call, in words: `runbooks activities` and docs/activities.md are made from it. */

import type { ShippedName } from './activities.ts';
import { type Described, workload } from './described.ts';
import { access } from './shipped-access.ts';
import { charges } from './shipped-billing.ts';
import { checksOfTheCluster } from './shipped-checks.ts';
import { pins } from './shipped-ipfs.ts';
import { gateway } from './shipped-gateway.ts';
import { messages } from './shipped-messages.ts';
import { quantumJobs } from './shipped-quantum.ts';
import { checksOfTheQueue } from './shipped-queue.ts';

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
    input: {
      workload,
      atLeast: "a count from 1 to 1000, or 'twice' what runs now",
      atMost: "optional; the most that 'twice' may come to",
      headroom: 'optional; true where the database and Dynex must be known to take more',
    },
    asks: 'where it does not fit as wanted, or the headroom that is asked for is not known',
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
    does: 'Lets the workloads take the Dynex key, or the credentials of IPFS, from another Secret, one workload after the other',
    input: { secret: 'the name of the Secret', of: "optional; 'dynex' or 'ipfs': whose key it is" },
    asks: 'always',
    undo: 'returns to the former Secret; it stays until people decide',
  },
  ...checksOfTheCluster,
  ...quantumJobs,
  ...checksOfTheQueue,
  probe: {
    subject: 'observe',
    does: 'Checks that a system answers and says that it is well, as `curl`; Dynex and the API from outside too',
    input: { url: "'api', 'dynex', 'prometheus' or 'grafana'" },
  },
  metric: {
    subject: 'observe',
    does: 'Checks one named number of Prometheus',
    input: { metric: 'its name', above: 'optional; faulty above', below: 'optional; faulty below', calls: 'optional; fewest' },
  },
  logs: {
    subject: 'observe',
    does: 'Searches logs in Loki, else of the pods that are there, and counts the kinds of lines; secrets are masked',
    input: {
      workload: 'optional; a workload, as platform.json calls it',
      selector: 'optional; labels of pods, instead of a workload',
      namespace: 'optional; of the selector, as platform.json calls it',
      pattern: 'a regular expression, whatever the case of letters; of several each must match',
      since: 'RFC 3339, or how long ago, such as 24 hours',
      below: 'optional; so many lines are faulty, one unless told; with days more than so many, 20 unless told',
      days: 'optional; earlier days to compare with: faulty are kinds of lines that none of them has, and twice as many lines as usual',
    },
  },
  silence: {
    subject: 'observe',
    does: 'Silences alerts that planned work fires, in Alertmanager; the silence ends by itself at the `until` of its step',
    input: {
      alerts:
        "'planned', the list in maintenance.alerts; 'none', which ends ours; or whole names of alerts. Never P0, Watchdog or an outside probe",
    },
    asks: 'where one of them fires already, or it is silent for more than four hours',
    undo: 'ends the silence',
  },
  dashboard: {
    subject: 'observe',
    does: 'Links a dashboard for people: a picture is no measurement',
    input: { dashboard: 'its name in links.dashboards' },
  },
  knownFaults: {
    subject: 'observe',
    does: 'Compares the faults of an operation with those of the runs before: new, since when, accepted until when, gone',
    input: {
      of: 'the slug of the operation',
      at: 'RFC 3339, the time of the run: it counts once',
      faults: 'owner and reason of each fault',
      unknown: 'optional; the same of what could not be checked',
    },
  },
  documentReview: {
    subject: 'observe',
    does: 'Checks that the next review of the written runbooks, document.nextReview of the platform, is not past',
    input: {},
  },
  recovered: {
    subject: 'observe',
    does: 'Checks that the incident of a shipped runbook is over, stricter than its alert',
    input: { of: 'the slug of the runbook', symptom: 'optional; only whether its symptom is gone' },
  },
  ...pins,
  reachable: { subject: 'database', does: 'Checks that PostgreSQL lets us in and answers a read within a second', input: {} },
  resize: {
    subject: 'database',
    does: 'Gives the RDS instance another class at once; the plan says what it costs and how long it interrupts',
    input: { class: 'optional; a class of database.classes, otherwise the next larger one' },
    asks: 'always',
    undo: 'returns to the former class, with the same interruption; it stays until people decide',
  },
  load: { subject: 'database', does: 'Checks connections, lock waits and the slowest statements of PostgreSQL', input: {} },
  ...charges,
  ...gateway,
  ...access,
  ...messages,
};
