import type {
  Alert,
  PlatformTimes,
  Question,
  Refusal,
  Report,
  ReportedAlert,
  Role,
  Severity,
  Start,
} from '../../contract/index.ts';
import { longestEvidence } from './bounds.ts';
import { beginWith, type CountedAlerts, isLate } from './counted-alerts.ts';
import { shortenedReport } from './shorten.ts';
import { cut } from './text.ts';
import { timelineOf } from './timeline.ts';

/** All that is known of an incident: its report, and what only the clocks and the reducer need. */
export interface State extends Report, CountedAlerts {
  uncounted: number;
  /** RFC 3339; when `resolved` becomes `closed` if the alert stays quiet. */
  quietUntil?: string | undefined;
  quiet: boolean;
  /** Firing alerts that no mitigation of ours explains; and how many there were when the quiet time began. */
  firings: number;
  quietSince: number;
  /** How often the alert fired in the quiet time; how often we waited for the world before looking again. */
  firedAgain: number;
  pauses: number;
  cancelled?: { by: string; reason?: string; falseAlarm?: true };
  /** How it ends is decided: an alert that fires now is not its own. */
  over?: true;
  /** Alerts that came after its end, in their order: the next incident opens with them. */
  next?: ReportedAlert[];
  /** Fingerprints of those that the next incident has been given. */
  handedOn?: string[];
  /** RFC 3339; the last message of a person that was accepted. */
  heard?: string;
  /** The newest refusal, until a later message of a person is accepted. */
  refused?: Refusal | undefined;
  /** The latest of these of each person. */
  acted?: { by: string; at: string }[];
  paging: Paging;
  announcements: Announcement[];
  /** Announcements before these. */
  announcementsBefore?: number;
  /** At which end the standing changes were noted: once for each, however often it rolls over. */
  standingNoted?: 'closed' | 'cancelled';
  /** Recovery that read faulty ended the claim of the page that it is over. */
  pageWithdrawn?: true | undefined;
  /** Why people close it without a mitigation. */
  givenUp?: string;
  /** RFC 3339; when recovery is checked again. */
  nextCheck?: string | undefined;
  /** The roles of each person, if known. */
  people?: PlatformTimes['people'];
  end?: AlertEnd;
  replay: ReplayCounters;
}

/** The escalation of an incident: one level after the other, until someone responds. */
export interface Paging {
  /** The alert was older than an hour when it came, and nothing confirms it: the runbook's own page reaches the first level, and that is all. */
  late: boolean;
  /** The first level was told of an alert whose symptom is not confirmed, and no other until it is. */
  unseen?: true;
  ladder?: {
    /** RFC 3339; the first page, or the one with which it began again. */
    from: string;
    /** RFC 3339; the newest page: what follows counts from it. */
    last: string;
    rung: number;
    /** It began again because whoever acknowledged was not heard of. */
    again?: true;
  };
  pages: Page[];
  /** Pages before these. */
  pagesBefore?: number;
  /** RFC 3339, and who hears then of what happened in the night. */
  morning?: { at: string; roles: Role[] };
}

/** A page that time or a new severity wants. */
export interface Page {
  roles: Role[];
  because: string;
  /** Not sent if the pager says that someone has acknowledged the pages before it. */
  unlessAcknowledged?: true | undefined;
}

export const pagingFrom = (fired: string, opened: string): Paging => ({ late: isLate(fired, opened), pages: [] });

/** An announcement: a question, its reminder (from 1 on), a remark that asks nothing, or the message of a step once more. */
export type Announcement = { question: string; reminder: number } | { remark: string } | { repeat: string };

/** That every alert has ended is a claim: it counts once it has held, and our own check agrees. */
export interface AlertEnd {
  /** RFC 3339. */
  holdsUntil: string;
  held: boolean;
  counts: boolean;
  /** Our own check was healthy once; where alerts are not counted each it must still be so five minutes later. */
  healthy?: true;
}

/** Replay bookkeeping that recorded steps do not cover. */
export interface ReplayCounters {
  recoveriesBegan: number;
  recoveriesEnded: number;
  remediesEnded: number;
  /** Remedies that were not the end: the alert fired again. */
  reopened: number[];
  /** Occurrences of each word that belong to earlier rounds: later ones are new. */
  passed?: Record<string, number>;
  bodyEnded: boolean;
  /** It is in the hands of people. */
  threw: boolean;
}

export function opening(title: string, runbook: string, severity: Severity, start: Start, at: string): State {
  const { name, alert, platform, because } = start;
  return {
    version: 1,
    incident: name,
    runbook,
    title,
    severity,
    state: 'triggered',
    summary: cut(because ?? sentence(alert), longestEvidence + longestName),
    timesFaster: Math.round(1 / platform.pace),
    times: { fired: alert.startsAt, opened: at },
    ...beginWith(alert, at),
    absorbed: 0,
    phases: [],
    steps: [],
    questions: [],
    refusals: [],
    withdrawn: [],
    undelivered: [],
    byHand: [],
    followUps: [],
    paging: pagingFrom(alert.startsAt, at),
    announcements: [],
    people: platform.people,
    quiet: false,
    firings: 0,
    quietSince: 0,
    firedAgain: 0,
    pauses: 0,
    replay: { recoveriesBegan: 0, recoveriesEnded: 0, remediesEnded: 0, reopened: [], bodyEnded: false, threw: false },
  };
}

/** No alert began it, and no one need acknowledge it. */
export const asOperation = (state: State): State => ({ ...state, kind: 'operation', state: 'running', alerts: [], counted: [] });

const longestName = 100;

const sentence = ({ name, annotations }: Alert) => (annotations.summary ? `${annotations.summary} (${name})` : name);

/** The state as people read it: without the fields that only the clocks need. */
export function reportOf(state: State): Report {
  const {
    counted,
    uncounted,
    quietUntil: _u,
    quiet: _q,
    firings: _n,
    quietSince: _s,
    firedAgain: _f,
    pauses: _p,
    cancelled: _c,
    end: _e,
    replay: _o,
    heard: _h,
    refused: _r,
    acted: _t,
    paging: _g,
    announcements: _a,
    announcementsBefore: _b,
    nextCheck: _l,
    givenUp: _v,
    pageWithdrawn: _y,
    standingNoted: _d,
    over: _m,
    next: _x,
    handedOn: _k,
    people: _w,
    ...rest
  } = state;
  const report: Report = rest;
  const moreAlerts = counted.length - report.alerts.length;
  if (moreAlerts > 0) report.moreAlerts = moreAlerts;
  if (uncounted > 0) report.uncounted = uncounted;
  return { ...shortenedReport(report), timeline: timelineOf(report) };
}

export const isOpen = ({ answer, withdrawn }: Question) => answer === undefined && withdrawn === undefined;

export const openQuestions = ({ questions }: State) => questions.filter(isOpen);
