import type { Verdict } from './vocabulary.ts';

/** The result of a check. Too little data is `unknown`, never `healthy`. */
export interface Finding<Facts extends object = object> {
  verdict: Verdict;
  /** For people: one or two sentences, at most 600 characters. */
  evidence: string;
  /** Measured values that the diagnosis may branch on. */
  facts?: Partial<Facts>;
  link?: string;
  /** The list that the check froze, if it was asked to: an action takes it by its name. */
  frozen?: FrozenList;
}

/** A list that one check found for one incident: it lies in the artifact store, and never in a history. */
export interface FrozenList {
  /** As the runbook calls it: `stuck pods`. */
  name: string;
  /** SHA-256 of its body in the artifact store, hex. */
  digest: string;
  /** Items. */
  count: number;
}

/** How long a watched check must hold: times in milliseconds, already multiplied by the platform's pace. */
export interface Watching {
  every: number;
  for: number;
  /** Fewest samples that count as having looked. */
  atLeast: number;
  /** Patience: keep looking through faulty looks, at most so long; without it the second faulty look in a row ends the watch. */
  upTo?: number;
}
