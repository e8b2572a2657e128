import type {
  Alert,
  Answer,
  Change,
  Clock,
  Decision,
  Effect,
  IncidentState,
  Mode,
  Plan,
  Question,
  Role,
  Severity,
  StepReport,
  StepState,
  TakeBack,
  Verdict,
} from '../../contract/index.ts';

/** How a step occurrence ended, or what it waits for. */
export interface Settlement {
  state: StepState;
  because: string;
  evidence?: string;
  changes?: Change[];
  effect?: Effect;
  takeBack?: TakeBack;
  facts?: object;
  frozen?: StepReport['frozen'];
  waits?: StepReport['waits'];
}

/** Everything that can happen to an incident. People and time speak through the same list. */
export type Event =
  /** `holds`: RFC 3339, until when an end that is known by it must hold to count; `explained`: the step of ours that causes it. */
  | { kind: 'alert'; alert: Alert; holds?: string; explained?: string }
  | { kind: 'end held' }
  | { kind: 'end doubted'; until: string }
  /** Our own check is healthy, and must still be so at that time. */
  | { kind: 'end seems true'; until: string }
  | { kind: 'alert ended' }
  /** Our own check has been healthy for long enough, where alerts are not counted each. */
  | { kind: 'uncounted ended' }
  | { kind: 'phase began'; title: string; by?: string; warn?: string }
  | { kind: 'phase ended'; title: string }
  | { kind: 'phase takes long'; title: string }
  | { kind: 'phase overdue'; title: string }
  | { kind: 'clock overdue'; clock: Clock }
  | { kind: 'rung'; rung: number }
  | { kind: 'left for the morning'; roles: Role[]; until: string }
  | { kind: 'morning' }
  | { kind: 'step began'; key: string; title: string; phase: string; action?: StepReport['action']; freezes?: string }
  | ({ kind: 'step settled'; key: string } & Settlement)
  | { kind: 'by hand'; step: string; system: string; paste: string }
  | { kind: 'not delivered'; system: string; because: string; page?: boolean }
  | { kind: 'delivered'; system: string; page: boolean }
  /** What was not delivered is settled. */
  | { kind: 'moot'; system: string }
  | { kind: 'asked'; question: Question }
  | { kind: 'withdrawn'; question: string; because: string }
  | { kind: 'reminded'; question: string }
  /** The symptom of a step is still not confirmed: what was measured now, and what it would do. */
  | { kind: 'judged again'; key: string; question: string; because: string; plan: Plan }
  | { kind: 'expired'; question: string }
  | { kind: 'decide'; decision: Decision; how: Answer['how'] }
  | { kind: 'refused'; what: string; by: string; because: string }
  | { kind: 'acknowledge'; by: string }
  | { kind: 'release'; by: string }
  | { kind: 'cancel'; by: string; reason?: string; falseAlarm?: true }
  | { kind: 'extend'; phase: string; by: string; reason: string; minutes?: number; until?: string }
  | { kind: 'severity'; severity: Severity; by: string; reason: string }
  | { kind: 'take over'; by: string }
  | { kind: 'note'; text: string; by: string }
  | { kind: 'mode'; mode: Mode }
  | { kind: 'state'; state: IncidentState }
  | { kind: 'recovery began' }
  | { kind: 'recovery ended'; verdict: Verdict; until: string }
  | { kind: 'remedy ended' }
  | { kind: 'body threw' }
  | { kind: 'body runs on' }
  | { kind: 'body ended' }
  /** `again`: RFC 3339, when it is checked again. */
  | { kind: 'recovery'; verdict: Verdict; evidence: string; again?: string }
  | { kind: 'quiet from now'; until: string }
  /** How often the body came to each word after its last remedy. */
  | { kind: 'fires again'; tail?: Record<string, number> }
  | { kind: 'paused' }
  | { kind: 'quiet' }
  | { kind: 'unseen' }
  | { kind: 'seen' }
  /** Of an old alert: it is true now. */
  | { kind: 'confirmed' }
  | { kind: 'follow-up'; title: string; owner: string; confirm: string }
  | { kind: 'closed'; outcome: string };

/** An event with its time, RFC 3339. */
export type Timed = Event & { at: string };

/** The next thing that time will do, and what it will do. */
export interface Due {
  /** RFC 3339. */
  at: string;
  /** For people: the summary of the one timer. */
  what: string;
  event: Event;
}
