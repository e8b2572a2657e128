/** The trouble of pods that do not serve; the same trouble of several is reported once. */

import { targetName } from '../../workflows/contract/action.ts';
import { events, type PodHealth } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { quoted, SystemError } from '../connectors/system-error.ts';
import { timeOf } from './missing.ts';
import { type Trouble, troubleOf } from './pod-trouble.ts';

export interface SharedTrouble extends Omit<Trouble, 'isVague'> {
  /** The first that has it, as people name it: `Pod shop/storefront-7c9d8f7b5-x2x4z`. */
  pod: string;
  names: string[];
}

/** So many pods are looked up in the events, where they do not say it themselves. */
const mostAsked = 3;

export async function troublesOf(
  kubernetes: Kubernetes,
  pods: PodHealth[],
  now: number,
  nameOf = ({ metadata }: PodHealth) => metadata.name,
): Promise<SharedTrouble[]> {
  const troubles = pods.map(pod => ({ pod, ...troubleOf(pod, now) }));
  const asked = new Set(troubles.filter(({ isVague }) => isVague).slice(0, mostAsked));
  const told = await Promise.all(
    troubles.map(async trouble =>
      asked.has(trouble) ? { ...trouble, ...(await toldByEvent(kubernetes, trouble.pod)) } : trouble,
    ),
  );
  return [...Map.groupBy(told, ({ reason, says }) => `${reason}: ${says}`).values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : [
          {
            reason: first.reason,
            says: first.says,
            since: first.since,
            pod: targetName({ kind: 'Pod', ...first.pod.metadata }),
            names: [first, ...more].map(({ pod }) => nameOf(pod)),
          },
        ],
  );
}

/** The newest warning about a pod; nothing where there is none, or none may be read. */
async function toldByEvent(kubernetes: Kubernetes, { metadata }: PodHealth): Promise<Partial<Trouble>> {
  const fields = { type: 'Warning', 'involvedObject.uid': metadata.uid };
  const found = await kubernetes.list(events, metadata.namespace, {}, fields).catch(noneWhereRefused);
  const newest = found.toSorted((a, b) => timeOf(b) - timeOf(a))[0];
  return newest ? { reason: newest.reason, says: quoted(newest.message) } : {};
}

function noneWhereRefused(error: unknown): [] {
  if (error instanceof SystemError) return [];
  throw error;
}

/** `storefront-7c9d8f7b5-x2x4z CrashLoopBackOff since 02:11 UTC: exit 137 OOMKilled`. */
export function textOf({ names, reason, says, since }: SharedTrouble): string {
  const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return `${names[0] ?? ''}${others} ${reason}${since}${says ? `: ${says}` : ''}`;
}
