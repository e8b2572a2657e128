/** Everything that may be sent to an incident: names and fields stand in histories, so both are only ever added. */

import type { Alert } from './alert.ts';
import type { Decision } from './question.ts';
import type { Severity } from './vocabulary.ts';

/** The payload of each message, by its name. All of them are signals. */
export interface Messages {
  alert: Alert;
  decide: Decision;
  acknowledge: Person;
  extend: Extension;
  severity: SeverityWanted;
  takeOver: Person;
  note: NoteWritten;
  release: Person;
  cancel: Cancellation;
  undone: Undone;
}
export type MessageName = keyof Messages;

/** These are updates too: an update is answered. */
export const answered = ['decide', 'acknowledge', 'extend', 'severity', 'takeOver', 'note'] as const;
export type Answered = (typeof answered)[number] & MessageName;

/** The answer of an update. One that is refused fails, with an `ApplicationFailure` of type `Refused` that says why. */
export interface Accepted {
  accepted: true;
}

/** The query that gives the record of an incident. */
export const reportQuery = 'report';

export interface Person {
  by: string;
  reason?: string;
}

/** More time for a phase: either so many minutes, or until then (RFC 3339). */
export interface Extension {
  phase: string;
  by: string;
  reason: string;
  minutes?: number;
  until?: string;
}

export interface SeverityWanted {
  severity: Severity;
  by: string;
  reason: string;
}

export interface NoteWritten {
  text: string;
  by: string;
}

/** The workflow that has undone a change says so; `key` is that of the change. */
export interface Undone {
  key: string;
  by: string;
}

export interface Cancellation {
  by: string;
  reason?: string;
  falseAlarm?: true;
}
