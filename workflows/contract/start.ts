import type { TakeBack } from './action.ts';
import type { Alert } from './alert.ts';
import type { Question } from './question.ts';
import type { PhaseReport, StepReport } from './report.ts';
import type { SearchAttributeName } from './search-attributes.ts';
import type { Role, Severity } from './vocabulary.ts';

/** The input of an incident. It stands in the history, so fields are only ever added. */
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

/** The input of an operation. A schedule gives the same to every run: its name and its time follow from its workflow id. */
export interface OperationStart {
  version: 1;
  /** Values of its fields, as its table in the catalog describes them. */
  input: Record<string, unknown>;
  /** Absent where someone starts it in the Temporal UI: nothing is paced then. */
  platform?: PlatformTimes | undefined;
  /** The reason, or the person who started it. */
  because?: string | undefined;
  /** As of an incident. */
  attributes?: SearchAttributeName[] | undefined;
}

/** The input of one undo; its workflow id is `take-back:<digest of the key>`. */
export interface TakeBackStart {
  version: 1;
  /** Short name, as an incident has one. */
  name: string;
  /** Short name of the incident that made the change. */
  incident: string;
  /** Its workflow, which hears of it when the change is undone. */
  workflowId?: string;
  /** Title of the step that made it. */
  title: string;
  takeBack: TakeBack;
  /** RFC 3339; it waits until then, or until someone acknowledges, who wants it now. */
  at?: string;
  platform: PlatformTimes;
  /** As of an incident. */
  attributes?: SearchAttributeName[];
}

/** Alerts that came when an incident was over, for the next one; its workflow id is `next:<id of the incident>:<number>`. */
export interface NextStart {
  version: 1;
  /** Slug of the runbook, and the workflow id, of both incidents. */
  runbook: string;
  workflowId: string;
  start: Start;
  /** In their order, the one that opens it first. */
  alerts: Alert[];
}

/** The input of acknowledging the pages of one incident; its workflow id is `acknowledge:<first run id of the incident>`. */
export interface AcknowledgeStart {
  version: 1;
  /** First run id. */
  incident: string;
}

/** The input of the notices of one cluster; its workflow id is `notice:<cluster>`. */
export interface NoticeStart {
  version: 1;
  /** Of the run before. */
  resumed?: unknown;
}

/** The input of the watch on the detection of one cluster; its workflow id is `watchdog:<cluster>`. */
export interface WatchdogStart {
  version: 1;
  /** Of the run before. */
  resumed?: unknown;
}

/** The part of an earlier record that an incident takes over: it begins where that one came to a step. */
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

/** The part of a platform that workflow code needs. */
export interface PlatformTimes {
  /** Waits for the world are multiplied by this: 1, and 1/60 on the practice platform. */
  pace: number;
  /** Minutes without the alert before `resolved` becomes `closed`. */
  quietMinutes: Record<Severity, number>;
  /** The first level that we page ourselves: 1 where Alertmanager pages the one before. */
  ladderBegins?: 0 | 1;
  /** The nights to come, where people are on call: what need not wake anyone waits for their end. RFC 3339. */
  nights?: { from: string; to: string }[];
  /** People on call with their roles, by the name they sign with. Absent: everyone is taken at their word. */
  people?: Record<string, Role[]>;
  /** How quantum jobs return to Dynex where that needs no restart. Absent: all at once. */
  stages?: Stage[];
  /** The Secrets that may hold a Dynex key. */
  keySecrets?: string[];
  /** Texts for the public are drafted at declaration. Absent: the incident began when none were. */
  drafts?: true | undefined;
  /** Follow-ups become tickets. */
  tickets?: true | undefined;
}
