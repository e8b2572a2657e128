import type { TakeBack } from './action.ts';
import type { Alert } from './alert.ts';
import type { Question } from './question.ts';
import type { PhaseReport, StepReport } from './report.ts';
import type { SearchAttributeName } from './search-attributes.ts';
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
  /** Search attributes that the namespace has with the right type; the workflow sets no other. */
  attributes?: SearchAttributeName[];
}

/** What taking one change back is started with; its workflow id is `take-back:<digest of the key>`. */
export interface TakeBackStart {
  version: 1;
  /** Short name, as an incident has one. */
  name: string;
  /** Short name of the incident that made the change. */
  incident: string;
  /** Title of the step that made it. */
  title: string;
  takeBack: TakeBack;
  /** RFC 3339; it waits until then, or until somebody acknowledges, who wants it now. */
  at?: string;
  platform: PlatformTimes;
  /** As of an incident. */
  attributes?: SearchAttributeName[];
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
}
