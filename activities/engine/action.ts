/** The parts of an action. The engine knows the order; an action states what it reads, what should be, and how it is measured. */

import type { Call, Effect, Outcome, TakeBack, Target } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deps } from '../deps.ts';
import type { Authority } from '../guard.ts';
import type { Platform } from '../platform.ts';
import type { Running } from '../running.ts';
import type { TargetSystem } from './target.ts';
import type { Write } from './write.ts';

/** The surroundings of a running action. */
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

/** The texts of a plan and of its receipt, for people. */
export interface Words {
  /** One sentence. */
  summary: string;
  /** Consequences to know before approval, besides restarts and owners, which the engine adds. */
  consequences: string[];
  /** Facts that the plan rests on besides its changes; part of the digest. */
  restsOn?: { what: string; value: string }[];
  /** The sentence of the receipt. */
  done: string;
  /** The same where nothing was left to do, and whether the state found is to be measured. */
  nothing: { note: string; measured: boolean };
}

/** One workload of several proved to work, before the next is touched. */
export interface Proof {
  /** Absent when it works. */
  fault?: string;
  /** The measurement in a sentence. */
  text: string;
  /** True if its purpose (a job, a call) proves it, where that is possible. */
  whole: boolean;
}

export interface Carried {
  writes: Write[];
  /** Incomplete rollouts, a sentence each. */
  remarks: string[];
  proofs: Proof[];
}

/** The symptom that it is meant to fix is not measured: people are asked, and it applies by itself once it is. */
export interface Unconfirmed {
  unconfirmed: true;
  /** The measurement instead. */
  text: string;
}

/** A setting: values that are, and values that should be. */
export interface Setting<Input, View> {
  /** Activity type; stands in each record, so that undo finds the action. */
  name: string;
  /** The world as it is. @throws SystemError */
  look: (input: Input, context: ActionContext) => Promise<View>;
  /** The writes. @throws `stopped`, with what to do */
  draft: (view: View, input: Input, context: ActionContext) => Write[] | Promise<Write[]>;
  words: (view: View, input: Input, context: ActionContext, writes: Write[]) => Words;
  /** Why people must look first; nothing where they need not. */
  asks: (view: View, input: Input, context: ActionContext, writes: Write[]) => Promise<string | Unconfirmed | undefined>;
  /** Its preconditions beside the plan, measured at the question and right before the first write: a faulty one refuses it. */
  preconditions?: (view: View, input: Input, context: ActionContext, writes: Write[]) => Promise<Finding[]>;
  /** One write after the other, each proved before the next; all are put back at a fault. */
  inTurn?: { prove: (target: Target, view: View, context: ActionContext) => Promise<Proof>; failed: (fault: string) => string };
  /** A begun change that no longer fits is put back before it is planned again. */
  putsBack?: true;
  /** Objects that carry its record also where this run writes nothing. */
  records?: (platform: Platform, input: Input) => Target[];
  /** Another action of the same incident, whose record it joins. */
  joins?: string;
  /** It has no way back, so a receipt offers none. */
  isFinal?: true;
  /** The measured effect. */
  measure: (view: View, input: Input, context: ActionContext, carried: Carried) => Promise<Effect>;
}

/** One run of a setting: all that its stages need. */
export interface Run<Input, View> {
  setting: Setting<Input, View>;
  input: Input;
  context: ActionContext;
  /** The meaning of the key. */
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
  /** It outlasts its incident, though there is a way back: until people decide, or until an end of its own. */
  stays?: true | 'until its end';
}

/** How a change is found again, and taken back by the name of its action. */
export interface Undo {
  /** Every object that may carry a record of the action on this platform. */
  targets: (platform: Platform) => Target[];
  /** The way back, planned and tried like any change. */
  run: (record: TakeBack, context: ActionContext) => Promise<Outcome>;
}
