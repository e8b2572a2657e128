/** Why a pod that is there does not serve, from what the cluster says of it. Pure. */

import type { PodHealth } from '../connectors/health-resources.ts';
import { quoted } from '../connectors/system-error.ts';
import { sinceOf } from './when.ts';

export interface Trouble {
  /** One for all pods that have the same: `CrashLoopBackOff`. */
  reason: string;
  /** The cluster's reason, with numbers: `exit 137 OOMKilled`. */
  says: string;
  /** ` since 02:11 UTC`. */
  since: string;
  /** True if only an event has more detail. */
  isVague: boolean;
}

type ContainerStatus = PodHealth['status']['containerStatuses'][number];

export const isReady = ({ status }: PodHealth) =>
  status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

/** A pod that is there to stay. */
export const isStaying = ({ metadata, status }: PodHealth) =>
  !metadata.deletionTimestamp && !['Succeeded', 'Failed'].includes(status.phase);

export function troubleOf({ metadata, status: { conditions, ...status } }: PodHealth, now: number): Trouble {
  const conditionOf = (name: string) => conditions.find(({ type }) => type === name);
  const [ready, scheduled] = [conditionOf('Ready'), conditionOf('PodScheduled')];
  const since = sinceOf(ready?.lastTransitionTime ?? metadata.creationTimestamp, now);
  if (scheduled?.status === 'False')
    return { reason: scheduled.reason || 'Unschedulable', says: quoted(scheduled.message), since, isVague: false };
  if (status.phase === 'Failed')
    return { reason: status.reason || 'Failed', says: quoted(status.message), since: '', isVague: false };
  return { reason: 'not ready', says: quoted(ready?.message ?? ''), isVague: true, ...troubleIn(status), since };
}

/** Of the container that says most. */
function troubleIn({
  initContainerStatuses,
  containerStatuses,
}: Pick<PodHealth['status'], 'initContainerStatuses' | 'containerStatuses'>) {
  const statuses = [...initContainerStatuses.filter(isStuck), ...containerStatuses.filter(({ ready }) => !ready)];
  const container = statuses.find(isWaiting) ?? statuses.find(hasEnded);
  return container && toldBy(container);
}

const isStuck = (status: ContainerStatus) => isWaiting(status) || (status.state.terminated?.exitCode ?? 0) !== 0;
/** The first reason that every container waits for means nothing. */
const isWaiting = ({ state: { waiting } }: ContainerStatus) =>
  waiting !== undefined && !['', 'ContainerCreating', 'PodInitializing'].includes(waiting.reason);
const hasEnded = ({ state, lastState }: ContainerStatus) => Boolean(state.terminated ?? lastState.terminated);

function toldBy(status: ContainerStatus): Omit<Trouble, 'since'> {
  const { state, lastState } = status;
  const ended = state.terminated ?? lastState.terminated;
  const exit = ended && [`exit ${ended.exitCode}`, ended.reason].filter(Boolean).join(' ');
  if (isWaiting(status)) {
    const { reason = '', message = '' } = state.waiting ?? {};
    return { reason, says: exit ?? quoted(message), isVague: false };
  }
  return { reason: 'restarted', says: exit ?? '', isVague: false };
}
