import type { Alert } from './alert.ts';
import type { Question } from './question.ts';
import type { PhaseReport, StepReport } from './report.ts';
import type { Role, Severity } from './vocabulary.ts';

/** What an incident is started with. It stands in the history, so fields are only ever added. */
export interface Start {
  version: 1;
  /** The short name people type: `dynex-outage-20261124-k7fp`. */
  name: string;
  alert: Alert;
  platform: PlatformTimes;
  /** Why a person opened it. */
  because?: string;
  like?: Likeness;
}

/** What an incident takes over from the record of an earlier one: it begins where that one came to a step. */
export interface Likeness {
  /** Short name of the earlier one. */
  incident: string;
  /** Title of the first step that is done again. */
  from: string;
  /** Their keys lack the id of an incident: it is known when the new one has begun. */
  steps: StepReport[];
  phases: PhaseReport[];
  questions: Question[];
}

/** One stage of a gradual way back: how many of a hundred go there, and how long that is watched before the next, at the platform's pace. */
export interface Stage {
  percent: number;
  minutes: number;
}

/** What workflow code needs to know of a platform. */
export interface PlatformTimes {
  /** Waits for the world are multiplied by this: 1, and 1/60 on the practice platform. */
  pace: number;
  /** Minutes without the alert before `resolved` becomes `closed`. */
  quietMinutes: Record<Severity, number>;
  /** The first rung that we page ourselves: 1 where Alertmanager pages the one before. */
  ladderBegins?: 0 | 1;
  /** The nights to come, where people are on call: what need not wake anybody waits for their end. RFC 3339. */
  nights?: { from: string; to: string }[];
  /** Who is on call, with their roles, by the name they sign with. Absent: everybody is taken at their word. */
  people?: Record<string, Role[]>;
  /** How quantum jobs return to Dynex where that needs no restart. Absent: all at once. */
  stages?: Stage[];
}
