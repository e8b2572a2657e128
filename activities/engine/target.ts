/** An object as the engine meets it, whatever its system: fields to read and write, and the records of who holds them. */

import type { Target } from '../../workflows/contract/action.ts';
import type { Holder } from './holders.ts';
import type { Write } from './write.ts';

/** The object as it is now. */
export interface Snapshot {
  target: Target;
  uid: string;
  value: (field: string) => string | null;
  holders: Holder[];
  /** Records by name. */
  records: Record<string, string>;
  /** True if a record is written together with the fields, so that it proves the write; else it is written first. */
  recordsWithWrites: boolean;
  /** Digest of its pod template; absent where it runs no pods. */
  template?: string;
  /** Where its system refuses a write once someone was faster. */
  version?: string;
}

/** The operations that a writable system offers. Every call throws SystemError. */
export interface TargetSystem {
  read: (target: Target) => Promise<Snapshot>;
  /** Fields and record together, or the record first. Refused as 409 when the object is no longer the snapshot. */
  write: (write: Write, now: Snapshot) => Promise<void>;
  /** Of an object that it makes and removes itself: tries the write, with the system's refusal. Absent for every other object. */
  tries?: (target: Target) => ((write: Write) => Promise<void>) | undefined;
}

/** One object, whatever names it. */
export const targetId = ({ system, kind, namespace = '', name }: Target) => `${system} ${kind} ${namespace}/${name}`;

export const isSameTarget = (one: Target, other: Target) => targetId(one) === targetId(other);

export const uniqueTargets = (all: Target[]) =>
  all.filter((target, index) => all.findIndex(other => isSameTarget(other, target)) === index);
