/** What somebody else changed before a moment: read from the objects themselves. Pure. */

import type { KubeObject, Managed, ReplicaSet } from './connectors/resources.ts';
import { ours } from './guard.ts';
import { stampOf, templateDigest } from './engine/templates.ts';

export interface Somebody {
  what: string;
  who: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The object came into being then. */
  born?: boolean;
}

/** Controllers do what somebody's change made them do. */
const controllers = /^(kube-controller-manager|kube-scheduler|kubelet|kwok|deployment-controller|hpa-controller)/;
/** What is written so soon after an object was created belongs to its creation, milliseconds. */
const birth = 5_000;
/** What is created so soon after the first object was installed with it, milliseconds. */
const installation = 60_000;

/** The creation of one object, and its changes by everybody but us and the controllers; a mere restart is none. */
export function changesOf(name: string, { metadata }: KubeObject): Somebody[] {
  const created = Date.parse(metadata.creationTimestamp ?? '');
  const entries = metadata.managedFields
    .filter(({ manager, subresource }) => !ours(manager) && !controllers.test(manager) && subresource !== 'status')
    .map(entry => ({ fields: fieldsOf(entry), who: entry.manager, at: Date.parse(entry.time ?? '') }));
  const creator = entries.find(({ at }) => at <= created + birth)?.who ?? 'not recorded';
  const changed = entries
    .filter(({ at, fields }) => at > created + birth && fields !== '')
    .map(({ fields, who, at }) => ({ what: `${name}: ${fields}`, who, at }));
  return [{ what: `${name}: created`, who: creator, at: created, born: true }, ...changed];
}

/** Without what was created when the platform was installed. */
export function sinceInstallation(changes: Somebody[]): Somebody[] {
  const first = Math.min(...changes.map(({ at }) => at));
  return changes.filter(({ at, born }) => !born || at > first + installation);
}

/** Rollouts of a Deployment: each ReplicaSet whose pods are made otherwise than those of the one before, unless we made it. */
export function rolloutsOf(name: string, uid: string, sets: ReplicaSet[]): Somebody[] {
  const own = sets
    .filter(({ metadata }) => metadata.ownerReferences.some(owner => owner.uid === uid))
    .map(set => ({
      at: Date.parse(set.metadata.creationTimestamp ?? ''),
      digest: digestOf(set),
      stamp: stampOf(set.spec.template),
    }))
    .toSorted((a, b) => a.at - b.at);
  return own.flatMap(({ at, digest, stamp }, index) => {
    const former = own[index - 1];
    const byUs = stamp !== former?.stamp && isKey(stamp);
    return former && former.digest !== digest && !byUs ? [{ what: `${name}: new pod template`, who: 'not recorded', at }] : [];
  });
}

/** A controller may be so late, milliseconds. */
const lag = 30_000;

/** Rollouts without those that follow a change whose author is known: nobody else has made them. */
export const ofTheirOwn = (rollouts: Somebody[], changes: Somebody[]): Somebody[] =>
  rollouts.filter(({ at }) => !changes.some(change => !change.born && at >= change.at && at <= change.at + lag));

/** We stamp with the key of a step, `kubectl rollout restart` with the time. */
const isKey = (stamp: string | undefined) => stamp?.includes('/') === true;

/** The controller labels each template with its hash. */
function digestOf({ spec: { template } }: ReplicaSet): string {
  const { 'pod-template-hash': _, ...labels } = template.metadata.labels;
  return templateDigest({ ...template, metadata: { ...template.metadata, labels } });
}

/** The fields that an entry owns, their last words only, a few of them; nothing when it is a restart. */
function fieldsOf({ fieldsV1 }: Managed): string {
  const names = [...new Set(leaves(fieldsV1))].filter(name => name !== 'restartedAt');
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

function leaves(fields: unknown, name = ''): string[] {
  const children = typeof fields === 'object' && fields !== null ? Object.entries(fields) : [];
  const inner = children.filter(([key]) => key !== '.');
  if (inner.length === 0) return name ? [name] : [];
  return inner.flatMap(([key, value]) =>
    leaves(value, key.startsWith('f:') ? (key.split('/').at(-1) ?? key).replace(/^f:/, '') : name),
  );
}

/** The one nearest before the moment, none older than `reach` (milliseconds). */
export const nearestBefore = (changes: Somebody[], moment: number, reach: number): Somebody | undefined =>
  changes
    .filter(({ at }) => at <= moment && at >= moment - reach)
    .toSorted((a, b) => b.at - a.at || Number(a.who === 'not recorded') - Number(b.who === 'not recorded'))[0];
