/** Pods that serve again after a container of theirs ended, and pods in trouble by name. Pure. */

import { targetName } from '../../workflows/contract/action.ts';
import type { PodHealth } from '../connectors/health-resources.ts';
import type { SharedTrouble } from './troubles.ts';

/** The last end of a container since then (milliseconds since 1970); nothing where none ended. */
export function restartOf(pod: PodHealth, since: number, name: string): SharedTrouble | undefined {
  const { metadata, status } = pod;
  const ends = status.containerStatuses.flatMap(({ lastState: { terminated } }) => (terminated ? [terminated] : []));
  const [last] = ends.toSorted((a, b) => timeOf(b) - timeOf(a));
  if (!last || !(timeOf(last) > since)) return undefined;
  const says = [`exit ${last.exitCode}`, last.reason].filter(Boolean).join(' ');
  const at = ` at ${new Date(timeOf(last)).toISOString().slice(11, 16)} UTC`;
  return { reason: 'restarted', says, since: at, pod: targetName({ kind: 'Pod', ...metadata }), names: [name] };
}

const timeOf = ({ finishedAt }: { finishedAt?: string | null | undefined }) => Date.parse(finishedAt ?? '');

/** So many pods are named. */
const mostNamed = 10;

/** `a-1 and a-2 CrashLoopBackOff since 02:11 UTC: exit 1; and 7 more`. */
export function namedWith(troubles: SharedTrouble[]): string {
  let left = mostNamed;
  const texts = troubles.flatMap(({ names, reason, says, since }) => {
    const named = names.slice(0, left);
    left -= named.length;
    return named.length > 0 ? [`${named.join(', ')} ${reason}${since}${says ? `: ${says}` : ''}`] : [];
  });
  const more = troubles.reduce((sum, { names }) => sum + names.length, 0) - mostNamed;
  return [...texts, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
