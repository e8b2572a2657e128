/** Why pods that are wanted are not there: asked now with a dry run, else read from the newest event. Conditions are history. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Event, events, type PodHealth, type WorkloadHealth } from '../connectors/health-resources.ts';
import type { ReplicaSet } from '../connectors/resources.ts';
import { quoted, SystemError } from '../connectors/system-error.ts';
import type { Obstacle } from '../facts.ts';
import type { PlacedWorkload } from '../platform.ts';
import { obstacleIn, type Whose } from './obstacles.ts';
import { momentOf } from './when.ts';
import { workloadTarget } from '../engine/kubernetes-targets.ts';
import { tryPodOf } from '../engine/trial-pod.ts';

export interface Missing {
  workload: PlacedWorkload;
  deployment: WorkloadHealth;
  /** Of this Deployment. */
  sets: ReplicaSet[];
  /** Of the namespace, whoever they belong to. */
  pods: PodHealth[];
  count: number;
}

export interface Why {
  says: string;
  obstacle?: Obstacle;
  retry?: Retry;
}

export interface Retry {
  says: string;
  /** When the controller has tried again by itself at the latest, RFC 3339. */
  by: string;
  command: string;
}

/** @throws SystemError */
export async function whyMissing(kubernetes: Kubernetes, missing: Missing, now: number): Promise<Why> {
  const tried = await tryPod(kubernetes, missing);
  if (tried.refused !== undefined) {
    const obstacle = obstacleIn(tried.refused, whose(missing), nameOf(missing));
    return { says: `a new Pod is refused now: ${tried.refused}`, obstacle: { ...obstacle, refusesPods: true } };
  }
  const newest = await newestWarning(kubernetes, missing);
  if (tried.admitted && newest?.involvedObject.uid !== missing.deployment.metadata.uid) return admitted(missing, newest, now);
  const unasked = tried.admitted ? 'its controller does not ask for it' : `a dry run of its Pod says nothing (${tried.unasked})`;
  if (!newest) return { says: `${unasked}, and no event does` };
  const says = quoted(newest.message);
  const obstacle = obstacleIn(says, whose(missing), nameOf(missing));
  const refuses = newest.reason === 'FailedCreate' && ({ refusesPods: true } as const);
  return {
    says: `${unasked}; its newest event, ${momentOf(timeOf(newest), now)}: ${says}`,
    obstacle: { ...obstacle, ...refuses },
  };
}

const nameOf = ({ workload }: Missing) => targetName(workload);

/** A class that is gone can be made again as it was, as long as a pod of it is left. */
function whose({ workload, deployment, pods, count }: Missing): Whose {
  const className = deployment.spec.template.spec['priorityClassName'];
  const priority = pods.find(({ spec }) => spec.priorityClassName === className)?.spec.priority;
  return { place: workload, missing: count, ...(priority !== undefined && { priority }) };
}

type Tried = { refused: string; admitted?: false; unasked?: never } | { refused?: never; admitted: boolean; unasked: string };

/** A Pod as the ReplicaSet would make it; nothing is created. */
async function tryPod(kubernetes: Kubernetes, { workload, deployment }: Missing): Promise<Tried> {
  try {
    await tryPodOf(kubernetes, workloadTarget(workload), deployment.spec.template);
    return { admitted: true, unasked: '' };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return isRefusal(error) ? { refused: refusalIn(error.message) } : { admitted: false, unasked: error.message };
  }
}

/** That we may not ask, or that a webhook cannot answer dry runs, is none. */
const isRefusal = ({ status, message }: SystemError) =>
  !message.includes('cannot create resource "pods"') &&
  !message.includes('does not support dry run') &&
  ([400, 403, 422].includes(status ?? 0) || message.includes('failed calling webhook'));

/** Without whose name was tried: `pods "storefront-x7k2p" is forbidden: …`. */
const refusalIn = (message: string) =>
  message.replace(
    /^Kubernetes answered \d+: (?:a policy of the cluster refuses: )?(?:pods "[^"]*" is (?:forbidden|invalid): )?/,
    '',
  );

/** The newest warning of the workload or of one of its ReplicaSets; nothing where events may not be read. */
async function newestWarning(kubernetes: Kubernetes, { workload, deployment, sets }: Missing): Promise<Event | undefined> {
  const own = new Set([deployment, ...sets].map(({ metadata }) => metadata.uid));
  const kinds = workload.kind === 'Deployment' ? ['ReplicaSet', 'Deployment'] : [workload.kind];
  const warnings = kinds.map(kind =>
    kubernetes.list(events, workload.namespace, {}, { type: 'Warning', 'involvedObject.kind': kind }),
  );
  const found = await Promise.all(warnings).catch(unlessUnanswered);
  return found
    .flat()
    .filter(({ involvedObject }) => own.has(involvedObject.uid))
    .toSorted((a, b) => timeOf(b) - timeOf(a))[0];
}

function unlessUnanswered(error: unknown): Event[][] {
  if (error instanceof SystemError) return [];
  throw error;
}

export const timeOf = ({ series, lastTimestamp, eventTime, metadata }: Event): number =>
  Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');

/** The controller waits twice as long after each refusal, at most 1000 s. */
const longestWait = 1_000_000;

/** Nothing is in the way now: what was is told as earlier, and who has not tried since is made to. */
function admitted({ workload, deployment }: Missing, newest: Event | undefined, now: number): Why {
  const failure = deployment.status.conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  const earlier = failure?.message || newest?.message;
  if (!earlier)
    return { says: 'a new Pod would be admitted now, and no refusal is recorded: the controllers have not made it yet' };
  const by = (newest && timeOf(newest) + longestWait > now ? timeOf(newest) : now) + longestWait;
  const { namespace, name } = workload;
  const command = `kubectl -n ${namespace} annotate ${workload.kind.toLowerCase()} ${name} --overwrite nqba-runbooks/try-now="$(date +%s)"`;
  const says = `The obstacle has gone: a new Pod would be admitted now (earlier: ${quoted(earlier)}). The controller tries again by itself by ${momentOf(by, now)} at the latest`;
  return { says: '', retry: { says, by: new Date(by).toISOString(), command } };
}
