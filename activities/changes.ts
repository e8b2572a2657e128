/** Changes before a moment, with their authors: read from the objects themselves. Pure. */

import type { Workload } from '../workflows/contract/vocabulary.ts';
import type { KubeObject, Managed, ReplicaSet } from './connectors/resources.ts';
import { fieldManager } from './connectors/kubernetes.ts';
import { ours } from './guard.ts';
import { stampOf, templateDigest, withoutHash } from './engine/templates.ts';
import { momentOf } from './kubernetes/when.ts';

export interface Somebody {
  what: string;
  who: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The object came into being then. */
  born?: boolean;
  /** Told and never evidence: we did it, or it is nothing but a restart or another try. */
  mark?: 'ours' | 'restart';
  /** It follows another change, which is reported instead. */
  isEffect?: boolean;
  /** It made new pods. */
  rollout?: { workload: Workload; revision: number };
}

/** Controllers do what someone's change made them do. */
const controllers = /^(kube-controller-manager|kube-scheduler|kubelet|kwok|deployment-controller|hpa-controller)/;
/** A write so soon after an object was created belongs to its creation, milliseconds. */
const birth = 5_000;
/** An object created so soon after the first one was installed with it, milliseconds. */
const installation = 60_000;

/** The creation of one object, and its changes by everyone but us and the controllers; a mere restart is none. */
export function changesOf(name: string, { metadata }: KubeObject): Somebody[] {
  const created = Date.parse(metadata.creationTimestamp ?? '');
  const entries = entriesOf({ metadata }).filter(({ who }) => !ours(who));
  const creator = entries.find(({ at }) => at <= created + birth)?.who ?? 'not recorded';
  const changed = entries
    .filter(({ at, fields }) => at > created + birth && fields !== '')
    .map(({ fields, who, at }) => ({ what: `${name}: ${fields}`, who, at }));
  return [{ what: `${name}: created`, who: creator, at: created, born: true }, ...changed];
}

/** Changes that changesOf leaves out: our own writes, and mere restarts. */
export function markedOf(name: string, { metadata }: KubeObject): Somebody[] {
  const created = Date.parse(metadata.creationTimestamp ?? '');
  return entriesOf({ metadata })
    .filter(({ who, at, fields }) => at > created + birth && (ours(who) || fields === ''))
    .map(({ fields, who, at }) => {
      const mark = ours(who) ? ('ours' as const) : ('restart' as const);
      return { what: `${name}: ${fields || 'restarted or tried again'}`, who, at, mark };
    });
}

const entriesOf = ({ metadata }: KubeObject) =>
  metadata.managedFields
    .filter(({ manager, subresource }) => !controllers.test(manager) && subresource !== 'status')
    .map(entry => ({ fields: fieldsOf(entry), who: entry.manager, at: Date.parse(entry.time ?? '') }));

/** Without what was created when the platform was installed. */
export function sinceInstallation(changes: Somebody[]): Somebody[] {
  const first = Math.min(...changes.map(({ at }) => at));
  return changes.filter(({ at, born }) => !born || at > first + installation);
}

export type Rollout = Somebody & { revision: number };

/** Rollouts of a Deployment: each ReplicaSet after the first; restarts among them, and ours, each with its mark. */
export function allRolloutsOf(name: string, uid: string, sets: ReplicaSet[]): Rollout[] {
  const own = sets
    .filter(({ metadata }) => metadata.ownerReferences.some(owner => owner.uid === uid))
    .map(set => ({
      at: Date.parse(set.metadata.creationTimestamp ?? ''),
      revision: Number(set.metadata.annotations['deployment.kubernetes.io/revision'] ?? 0),
      digest: templateDigest(withoutHash(set.spec.template)),
      stamp: stampOf(set.spec.template),
    }))
    .toSorted((a, b) => a.at - b.at);
  return own.slice(1).map(({ at, revision, digest, stamp }, index) => {
    const former = own[index];
    const rolled = { who: 'not recorded', at, revision };
    if (stamp !== former?.stamp && isKey(stamp))
      return { ...rolled, what: `${name}: restarted`, who: fieldManager, mark: 'ours' };
    if (former?.digest === digest) return { ...rolled, what: `${name}: restarted`, mark: 'restart' };
    return { ...rolled, what: `${name}: new pod template` };
  });
}

/** A controller may be so late, milliseconds. */
const lag = 30_000;

/** Rollouts without those that follow a change whose author is known: no one else has made them. */
export const ofTheirOwn = (rollouts: Somebody[], changes: Somebody[]): Somebody[] =>
  rollouts.filter(({ at }) => !changes.some(change => !change.born && at >= change.at && at <= change.at + lag));

/** We stamp with the key of a step, `kubectl rollout restart` with the time. */
const isKey = (stamp: string | undefined) => stamp?.includes('/') === true;

/** Annotations that make controllers act, on what is there already. */
const noChange = new Set(['restartedAt', 'try-now']);

/** The fields that an entry owns, their last words only, a few of them; nothing when it asks for what is there. */
function fieldsOf({ fieldsV1 }: Managed): string {
  const names = [...new Set(leaves(fieldsV1))].filter(name => !noChange.has(name));
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

/** So many changes are told; the rest is in the cluster. */
const mostTold = 6;

/** All changes before the moment, nearest first, but the one that is told already. */
export function toldBefore(changes: Somebody[], moment: number, but?: Somebody): string {
  const before = changes
    .filter(change => change !== but && !change.isEffect && change.at <= moment)
    .toSorted((a, b) => b.at - a.at);
  const told = before.slice(0, mostTold).map(({ who, what, at, mark }) => {
    const noEvidence = mark === 'ours' ? ' (ours, no evidence)' : ' (no change, no evidence)';
    return `${momentOf(at, moment)} ${who}: ${what.slice(0, 100)}${mark ? noEvidence : ''}`;
  });
  const rest = before.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}
