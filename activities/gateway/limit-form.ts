/** The one shape of both forms in which a platform limits: where limits stand, and how they are written and measured. */

import type { Effect, Target } from '../../workflows/contract/action.ts';
import type { ActionContext } from '../engine/action.ts';
import type { Values } from '../engine/holders.ts';
import type { Snapshot } from '../engine/target.ts';
import type { Platform } from '../platform.ts';
import type { Gateway, ReviewedLimit } from '../platform/gateway.ts';

export type LimitTo = 'essential only' | 'reviewed';

/** A class of routes, or another scope, and its reviewed limit. */
export interface LimitedClass {
  /** Such as `low-priority`. */
  of: string;
  target: Target;
  reviewed: ReviewedLimit;
  /** Of an object that is made for it, and removed with it: what makes it, null where it goes. */
  own?: Values;
  /** Digest of the whole of that object, as the artifact store keeps it; only where it is yet to be made. */
  made?: string;
  /** Facts that its making rests on besides its fields. */
  restsOn?: { what: string; value: string }[];
}

/** Good calls on the routes of a limit in the same hour of the seven days before. */
export interface NormalUse {
  /** Calls a minute that 99 of 100 callers do not exceed. */
  p99: number;
  /** Calls a minute, one for each caller and day. */
  rates: number[];
}

export interface Limited extends LimitedClass {
  now: Snapshot;
  wanted: ReviewedLimit;
  /** Nothing where it is not known. */
  normal: NormalUse | undefined;
}

export interface LimitForm {
  /** A limit counts each of them for itself. */
  caller: 'address' | 'caller';
  /** The places that may carry a limit of such a step; of any step unless told. */
  targets: (platform: Platform, to?: LimitTo) => Target[];
  /** The places that a step limits. @throws `Refused`, SystemError */
  chosen: (to: LimitTo, context: ActionContext) => Promise<LimitedClass[]>;
  /** The field with the calls a minute. */
  rate: (gateway: Gateway) => string;
  /** The whole of a limit. @param why for people who read it there */
  values: (limit: ReviewedLimit, now: Snapshot, why: { gateway: Gateway; why: string }) => Values;
  /** With the system that it writes to. @throws SystemError where that is not connected */
  around: (context: ActionContext) => ActionContext;
  /** @throws SystemError */
  measure: (classes: Limited[], to: LimitTo, context: ActionContext) => Promise<Effect>;
}
