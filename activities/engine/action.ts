/** What an action is made of. The engine knows the order; an action says what it looks at, what should be, and how it is measured. */

import type { Call, Effect, Outcome, TakeBack, Target } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deps } from '../deps.ts';
import type { Authority } from '../guard.ts';
import type { Platform } from '../platform.ts';
import type { Running } from '../running.ts';
import type { TargetSystem } from './target.ts';
import type { Write } from './write.ts';

/** What an action runs with. */
export interface ActionContext {
  deps: Deps;
  /** Where the hold is read, whatever is changed. */
  kubernetes: Kubernetes;
  /** How targets are read and written; an action adds the system that it knows itself. */
  systems: Partial<Record<Target['system'], TargetSystem>>;
  running: Running;
  call: Call;
  /** In whose name something is changed. */
  authority: Authority;
}

/** What people read of a plan and of its receipt. */
export interface Words {
  /** One sentence. */
  summary: string;
  /** What people should know before they approve, beside restarts and owners, which the engine adds. */
  consequences: string[];
  /** What the plan rests on besides what it changes; part of the digest. */
  restsOn?: { what: string; value: string }[];
  /** What the receipt says. */
  done: string;
  /** The same where nothing was left to do, and whether the state found is to be measured. */
  nothing: { note: string; measured: boolean };
}

/** One workload of several proved to work, before the next is touched. */
export interface Proof {
  /** Absent when it works. */
  fault?: string;
  /** What was seen, in a sentence. */
  text: string;
  /** Whether it was shown by what it is for (a job, a call), where that can be. */
  whole: boolean;
}

export interface Carried {
  writes: Write[];
  /** What of the rollouts is not complete, in a sentence each. */
  remarks: string[];
  proofs: Proof[];
}

/** What it is meant to fix is not measured: people are asked, and it applies by itself once it is. */
export interface Unconfirmed {
  unconfirmed: true;
  /** What was measured instead. */
  text: string;
}

/** A setting: values that are, and values that should be. */
export interface Setting<Input, View> {
  /** Activity type; stands in each record, so that undo finds the action. */
  name: string;
  /** The world as it is. @throws SystemError */
  look: (input: Input, context: ActionContext) => Promise<View>;
  /** What should be written. @throws `stopped`, with what to do */
  draft: (view: View, input: Input, context: ActionContext) => Write[] | Promise<Write[]>;
  words: (view: View, input: Input, context: ActionContext, writes: Write[]) => Words;
  /** Why people must look first; nothing where they need not. */
  asks: (view: View, input: Input, context: ActionContext, writes: Write[]) => Promise<string | Unconfirmed | undefined>;
  /** Measured again right before the first write: a contradiction, which refuses an approval. */
  contradiction?: (view: View, input: Input, context: ActionContext) => Promise<string | undefined>;
  /** One write after the other, each proved before the next; all are put back at a fault. */
  inTurn?: { prove: (target: Target, view: View, context: ActionContext) => Promise<Proof>; failed: (fault: string) => string };
  /** What was begun is put back where it no longer fits, before it is planned again. */
  putsBack?: true;
  /** Objects that carry its record also where this run writes nothing. */
  records?: (platform: Platform, input: Input) => Target[];
  /** Another action of the same incident, whose record it joins. */
  joins?: string;
  /** It has no way back, so a receipt offers none. */
  isFinal?: true;
  /** Whether it had the effect it was meant to have. */
  measure: (view: View, input: Input, context: ActionContext, carried: Carried) => Promise<Effect>;
}

/** One run of a setting: all that its stages need. */
export interface Run<Input, View> {
  setting: Setting<Input, View>;
  input: Input;
  context: ActionContext;
  /** What the key stands for. */
  named: string;
}

/** An action as its subject offers it. */
export interface Action<Input> {
  name: string;
  /** Where its system is not connected: the same as text ready to paste. */
  byHand?: (input: Input, deps: Deps) => Outcome | undefined;
  /** @throws SystemError, or a failure that says what stands in the way */
  run: (input: Input, context: ActionContext) => Promise<Outcome>;
  /** The way back; or why there is none. */
  undo: Undo | string;
  /** It stays until people decide, though there is a way back. */
  stays?: true;
}

/** How a change is found again, and taken back by the name of its action. */
export interface Undo {
  /** Every object that may carry a record of the action on this platform. */
  targets: (platform: Platform) => Target[];
  /** The way back, planned and tried like any change. */
  run: (record: TakeBack, context: ActionContext) => Promise<Outcome>;
}
