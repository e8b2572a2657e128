/** The form of an activity's row in the catalog: what it is, how long it may take, who it reaches. */

import type { Call, Finding, Outcome } from '../contract/index.ts';

/** How long it may take, and how often it is tried: `workflows/kit/words/activities.ts` says each in seconds. */
export type Takes = 'one attempt' | 'short' | 'long look' | 'rolling' | 'rolling in turn' | 'long list';

export type Reaches = 'roles' | 'incident channel' | 'status page' | 'customers' | 'tickets';

/** It changes the platform, so it is planned, held and observed; whether people are asked first it decides itself. */
interface Action {
  is: 'action';
  /** `rolling`: pods start again; `in turn`: of one workload after the other; `long list`: thousands of items. They heartbeat. */
  takes: Exclude<Takes, 'one attempt' | 'long look'>;
}

/** It tells people, and never blocks. */
export interface Message {
  is: 'message';
  reaches: Reaches;
  /** Its name on the board while it is not delivered. Newer text in one sink withdraws older. */
  sink: string;
  /** The world reads it too: it is planned, held and observed as an action is, and still never blocks. */
  public?: true;
  /** Thousands of readers; a short time unless told. */
  takes?: 'long list';
  /** It is one text that is rewritten: it is sent again when the incident has come further. */
  living?: true;
}

/** It looks; each may be watched. */
interface Check {
  is: 'check';
  /** The incidents that may close on it. */
  recoveryOf?: 'shipped runbooks' | 'own runbooks';
  /** An alert may be looked into with it before it is believed. */
  corroborates?: true;
  /** It tries writes, each of which waits for webhooks, or reads a hundred pages; half a minute unless told. */
  takes?: 'long look';
}

/** It repeats a check for as long as it is told. */
interface Watch {
  is: 'watch';
}

/** It keeps what outlives the incident. */
interface Keeping {
  is: 'record';
  takes: 'one attempt' | 'short';
}

type RowOf<F> = F extends (input: never, call: Call) => Promise<Outcome>
  ? Action | Message
  : F extends (input: never) => Promise<Finding>
    ? Check | Watch
    : Keeping;

export type NameIn<A> = { [S in keyof A]: keyof A[S] & string }[keyof A];
export type In<A, N extends string> = { [S in keyof A]: A[S] extends Record<N, infer F> ? F : never }[keyof A];

/** A row for each activity, and of its kind. */
export type RowsFor<A> = { [N in NameIn<A>]: RowOf<In<A, N>> };

export type Row = Action | Message | Check | Watch | Keeping;
