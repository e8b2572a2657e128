/** The revisions of a Deployment, and which of them it may go back to: the one that served well longest. Pure. */

import type { Deployment, ReplicaSet, Template } from '../connectors/resources.ts';
import { templateText, withoutHash } from '../engine/templates.ts';
import { momentOf } from './when.ts';

export interface Revision {
  /** As `kubectl rollout history` numbers it. */
  number: number;
  template: Template;
  /** As plans call the template: revisions that differ only by a restart have the same. */
  text: string;
  images: string;
  /** Names of its ReplicaSets: each restart makes another. */
  sets: string[];
  /** Milliseconds since 1970: when it was made, and when the next one was. */
  made: number;
  followed?: number;
}

/** How long all pods that it wanted were ready, and between which moments, milliseconds. */
export interface Served {
  ms: number;
  from: number;
  to: number;
}

export interface Candidate extends Revision {
  /** Absent without samples. */
  served?: Served;
  /** Why it cannot be gone back to, in a clause. */
  unfit?: string;
  /** References that could not be read: `Secret nqba-other`. */
  unread: string[];
}

/** Each once, newest first; the current one is among them. */
export function revisionsOf({ metadata }: Deployment, sets: ReplicaSet[]): Revision[] {
  const own = sets
    .filter(set => set.metadata.ownerReferences.some(({ uid }) => uid === metadata.uid))
    .map(revisionIn)
    .toSorted((a, b) => a.made - b.made || a.number - b.number);
  const byText = Map.groupBy(own, ({ text }) => text);
  return [...byText.values()].flatMap(same => joined(same, own)).toSorted((a, b) => b.number - a.number);
}

function revisionIn({ metadata, spec }: ReplicaSet): Revision {
  const template = withoutHash(spec.template);
  return {
    number: Number(metadata.annotations['deployment.kubernetes.io/revision'] ?? 0),
    template,
    text: templateText(template),
    images: imagesOf(template).join(', '),
    sets: [metadata.name],
    made: Date.parse(metadata.creationTimestamp ?? ''),
  };
}

/** One of those that differ only by a restart, the newest. */
function joined(same: Revision[], all: Revision[]): Revision[] {
  const newest = same.toSorted((a, b) => b.number - a.number)[0];
  if (!newest) return [];
  const first = all.findIndex(({ text }) => text === newest.text);
  const next = all.slice(first).find(({ text }) => text !== newest.text);
  const made = all[first]?.made ?? newest.made;
  return [{ ...newest, sets: same.flatMap(({ sets }) => sets), made, ...(next && { followed: next.made }) }];
}

const imagesOf = ({ spec }: Template): string[] => spec.containers.map(({ image = 'no image' }) => image);

/** The first image whose tag may be another image tomorrow; a digest never is, and neither is a tag with a number. */
export function mutableImage({ spec }: Template): string | undefined {
  const images = [...spec.initContainers, ...spec.containers].map(({ image = '' }) => image);
  return images.find(image => !image.includes('@') && !/\d/.test(tagOf(image)));
}

/** The port of a registry is no tag. */
const tagOf = (image: string): string => (image.split('/').at(-1) ?? '').split(':')[1] ?? 'latest';

/** Of those that served well and can be gone back to, the one that did so longest; of equals the newest. */
export const longestServing = (candidates: Candidate[]): Candidate | undefined =>
  candidates
    .filter(({ unfit, served }) => unfit === undefined && served !== undefined && served.ms > 0)
    .toSorted((a, b) => (b.served?.ms ?? 0) - (a.served?.ms ?? 0) || b.number - a.number)[0];

export const named = ({ number, images }: Revision): string => `revision ${number} (${images})`;

/** `3.5 h, from 02:11 UTC to 05:41 UTC`. */
export const servedText = ({ ms, from, to }: Served, now: number): string =>
  `${lengthOf(ms)}, from ${momentOf(from, now)} to ${momentOf(to, now)}`;

/** Why it is not the one, in a clause. */
export function whyNot({ unfit, served }: Candidate): string {
  if (unfit !== undefined) return unfit;
  if (!served) return 'no samples';
  return served.ms > 0 ? `served healthily for ${lengthOf(served.ms)} only` : 'never had all its pods ready';
}

/** How long it was the newest, which is not how well it served. */
export const madeText = ({ made, followed }: Revision, now: number): string =>
  `made ${momentOf(made, now)}${followed === undefined ? '' : `, the next one ${lengthOf(followed - made)} later`}`;

const rounded = (count: number) => Math.round(count * 10) / 10;

function lengthOf(ms: number): string {
  if (ms >= 3_600_000) return `${rounded(ms / 3_600_000)} h`;
  return ms >= 60_000 ? `${rounded(ms / 60_000)} min` : `${rounded(ms / 1_000)} s`;
}
