import type { Call, Change, Effect, RemedialAction, TakeBack, Unreached } from './action.ts';
import type { Alert } from './alert.ts';
import type { FrozenList } from './finding.ts';
import type { Question } from './question.ts';
import type { IncidentState, Mode, Role, Severity, Verdict } from './vocabulary.ts';

export const stepStates = [
  'running',
  'waiting',
  'done',
  'part',
  'would have',
  'by hand',
  'skipped',
  'withdrawn',
  'healthy',
  'faulty',
  'unknown',
  'not delivered',
] as const;
export type StepState = (typeof stepStates)[number];

/** The state as people read it. */
export const stateText = (state: StepState) => (state === 'withdrawn' ? 'not run' : state);

/** One step occurrence as people read it. */
export interface StepReport {
  title: string;
  phase: string;
  key: string;
  state: StepState;
  because: string;
  evidence: string;
  began: string;
  ended?: string | undefined;
  changes: Change[];
  effect?: Effect;
  takeBack?: TakeBack;
  /** RFC 3339; when it had changed what can be taken back. */
  changed?: string;
  /** RFC 3339; when that was restored again, by whoever did it. */
  undone?: string | undefined;
  /** Activity type and input of an action. */
  action?: { type: string; input: unknown };
  /** Key of the stuck step whose obstacle it removes. */
  clears?: string;
  /** Key of the change that it takes back. */
  takesBack?: string;
  /** Facts of a check, for the diagnosis. */
  facts?: object;
  /** Name of the list that a check was to freeze; and what it froze, in which round of the incident. */
  freezes?: string;
  frozen?: FrozenList & { round: number };
  /** The question it waits for, what is tried again when people say so, and what may be done first. */
  waits?: { question: string; again: Partial<Call>; remedialActions?: RemedialAction[]; unconfirmed?: true };
}

export interface PhaseReport {
  title: string;
  began: string;
  ended?: string;
  /** RFC 3339; when the phase should be over. */
  by?: string;
  overdue?: string;
  /** RFC 3339; when responders are to be told that it takes long, and when they were. */
  warn?: string;
  warned?: string;
  /** Extensions: by a person, until a time, with a reason. */
  extended?: { at: string; by: string; until: string; reason: string }[];
}

/** The clocks of a severity. */
export const clocks = ['acknowledge', 'restore'] as const;
export type Clock = (typeof clocks)[number];

export interface Note {
  at: string;
  by: string;
  text: string;
}

export interface SeverityChange {
  at: string;
  by: string;
  from: Severity;
  to: Severity;
  reason: string;
}

export interface Refusal {
  at: string;
  what: string;
  by: string;
  because: string;
}

/** Something that happened: a person or what else acted, and what was done. */
export interface TimelineEntry {
  at: string;
  who: string;
  what: string;
}

/** An alert, and what became of firings that came again with its beginning after its end. */
export interface ReportedAlert extends Alert {
  /** The step of ours that causes it: it is not a symptom. */
  explained?: string;
  /** RFC 3339; when one was absorbed as a message that had been under way. */
  absorbed?: string;
  /** RFC 3339; when the alert was found to fire again. */
  firedAgain?: string;
}

/** Work that an incident leaves to people, and does not wait for. */
export interface FollowUp {
  title: string;
  owner: Role;
  confirm: string;
  /** The same work found by several incidents, or runs of an operation, has one ticket: its key. */
  recurs?: string;
  /** RFC 3339, since when it is so: a ticket that was closed before is of another time. */
  since?: string;
  /** It was found before, and is over now: only its ticket hears of it. */
  over?: true;
  /** Where tickets are connected. The text says what was done there, or why nothing was. */
  ticket?: { href: string; text: string };
}

/** The record of an incident or an operation: answer of the query `report` while it is open, the workflow's result when it is closed. */
export interface Report {
  version: 1;
  incident: string;
  runbook: string;
  title: string;
  /** Absent: an incident. */
  kind?: 'operation';
  severity: Severity;
  state: IncidentState;
  mode?: Mode;
  outcome?: string;
  summary: string;
  /** It began like an earlier one: what is older than itself is of that record, up to this step. */
  like?: { incident: string; from: string };
  /** How many seconds of the world pass in one real second on this platform (60 on the practice platform). */
  timesFaster: number;
  times: {
    fired: string;
    opened: string;
    paged?: string;
    acknowledged?: string;
    mitigated?: string;
    resolved?: string;
    closed?: string;
  };
  commander?: string;
  /** Roles for which no page has reached anyone yet. */
  unreached?: Unreached[] | undefined;
  /** The newest, with their texts. */
  alerts: ReportedAlert[];
  /** How many more are counted, and how often further alerts fired than are counted each. */
  moreAlerts?: number;
  uncounted?: number;
  absorbed: number;
  phases: PhaseReport[];
  steps: StepReport[];
  questions: Question[];
  refusals: Refusal[];
  withdrawn: string[];
  undelivered: { system: string; because: string }[];
  /** Work for systems that are not connected: ready to paste. */
  byHand: { step: string; system: string; paste: string }[];
  followUps: FollowUp[];
  /** Clocks of the severity that were passed, and when. */
  overdue?: { clock: Clock; at: string }[];
  /** One person decided alone what takes two. */
  brokenGlass?: { at: string; by: string; question: string; title: string; reason: string }[];
  notes?: Note[];
  severityChanges?: SeverityChange[];
  /** `standing`: keys of our changes that keep it from having recovered. */
  recovery?: { verdict: Verdict; evidence: string; standing?: string[] | undefined } | undefined;
  /** Changes that stood when it ended, in words; `runbooks undo` restores them. */
  standing?: string[];
  /** The newest of what happened, in order; derived from the rest. */
  timeline?: TimelineEntry[];
  /** Texts of what is settled were cut, so that the record fits into a payload. */
  shortened?: true;
}
