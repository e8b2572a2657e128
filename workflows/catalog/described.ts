/** The form of a row of shipped activities, for the lists that hold them. */

import type { Activities } from '../../activities/index.ts';
import type { InputOf, ShippedName } from './activities.ts';

type SubjectOf<N extends string> = { [S in keyof Activities]: N extends keyof Activities[S] ? S : never }[keyof Activities];
type FieldOf<I> = I extends unknown ? keyof I & string : never;

/** Without a word for each of its inputs it does not compile. */
export interface Described<N extends ShippedName> {
  subject: SubjectOf<N>;
  does: string;
  /** Each field of its input; an optional one begins with `optional`. */
  input: Record<FieldOf<InputOf<N>>, string>;
  /** When people are asked first. A held or unarmed action always asks. */
  asks?: string;
  undo?: string;
}

export const workload = 'a workload, as platform.json calls it';
export const workloads = 'workloads, as platform.json calls them';
