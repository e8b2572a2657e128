/** The facts of pods, and of what stands in their way. */

import type { Workload } from '../../workflows/contract/vocabulary.ts';

/** Why a pod is missing, or does not get ready. */
export interface Obstacle {
  /** The object at fault, as people name it: `PriorityClass nqba-critical`. */
  object: string;
  /** The words of the API server or the kubelet. */
  says: string;
  /** Repairs it, where one command can. */
  command?: string;
  /** New pods are refused: neither a rollback nor more replicas could start. A pod that only fails refuses none. */
  refusesPods?: true;
}

/** Pods of the described workloads, or of namespaces: how many there should be, how many serve. */
export interface PodsFacts {
  /** Of namespaces: those that are not ready, and those that restarted lately. */
  unhealthy: number;
  ready: number;
  wanted: number;
  /** Wanted, and not even there. */
  missing: number;
  /** Of the first workload that has one; null when nothing is in the way now, whether or not pods are still missing. */
  obstacle: Obstacle | null;
  /** The obstacle has gone and pods are still missing: when the controller has tried again at the latest (RFC 3339), and what makes it try now. */
  retry: { says: string; by: string; command: string } | null;
  workloads: WorkloadPodsFacts[];
  /** Around an alert: the workload that has made its pods, where it is one. */
  owner: string;
}

export interface WorkloadPodsFacts {
  workload: Workload;
  ready: number;
  wanted: number;
  missing: number;
  /** Of this workload; absent when nothing is in its way. */
  obstacle?: Obstacle | undefined;
  retry?: PodsFacts['retry'] | undefined;
}
