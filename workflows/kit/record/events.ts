import type {
  Alert,
  Answer,
  Change,
  Clock,
  Effect,
  FollowUp,
  Messages,
  Mode,
  Plan,
  Question,
  Role,
  StepReport,
  StepState,
  TakeBack,
  Unreached,
  Verdict,
} from '../../contract/index.ts';

/** How a step occurrence began. */
export type StepBegun = Pick<StepReport, 'key' | 'title' | 'phase' | 'action' | 'clears' | 'takesBack' | 'freezes'>;

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
  | ({ kind: 'step began' } & StepBegun)
  | ({ kind: 'step settled'; key: string } & Settlement)
  | { kind: 'by hand'; step: string; system: string; paste: string }
  | { kind: 'not delivered'; system: string; because: string; page?: boolean }
  | { kind: 'delivered'; system: string; page: boolean }
  /** A page of these roles, and those of them for which it has reached no one. */
  | { kind: 'paged'; roles: Role[]; unreached: Unreached[] }
  | { kind: 'hours begin' }
  /** An undelivered message is settled. */
  | { kind: 'moot'; system: string }
  | { kind: 'asked'; question: Question }
  | { kind: 'withdrawn'; question: string; because: string }
  | { kind: 'reminded'; question: string }
  /** The symptom of a step is still not confirmed: what was measured now, and what it would do. */
  | { kind: 'judged again'; key: string; question: string; because: string; plan: Plan }
  | { kind: 'expired'; question: string }
  | { kind: 'decide'; decision: Messages['decide']; how: Answer['how'] }
  | { kind: 'refused'; what: string; by: string; because: string }
  /** By a signal, so that Temporal keeps it; `because` does not repeat it. */
  | { kind: 'secret pasted'; what: string; by: string; because: string }
  | { kind: 'acknowledge'; by: string }
  | { kind: 'release'; by: string }
  | ({ kind: 'cancel' } & Messages['cancel'])
  | ({ kind: 'extend' } & Messages['extend'])
  | ({ kind: 'severity' } & Messages['severity'])
  | { kind: 'take over'; by: string }
  | ({ kind: 'note' } & Messages['note'])
  | { kind: 'mode'; mode: Mode }
  | { kind: 'resolved' }
  | { kind: 'recovery began' }
  | { kind: 'recovery ended'; verdict: Verdict; until: string }
  | { kind: 'remedy ended' }
  | { kind: 'body threw' }
  | { kind: 'body runs on' }
  | { kind: 'body ended' }
  /** `again`: RFC 3339, when it is checked again. */
  | { kind: 'recovery'; verdict: Verdict; evidence: string; again?: string; standing?: string[] }
  /** The change of a step was restored; `by`: who did so outside of the incident. */
  | { kind: 'undone'; key: string; by?: string }
  /** A record of ours whose receipt never came. */
  | { kind: 'change found'; takeBack: TakeBack }
  /** Changes of ours that stand as the incident ends. */
  | { kind: 'left standing'; changes: string[]; when: 'closed' | 'cancelled' }
  /** It ends, and what was measured or undone last contradicts the page. */
  | { kind: 'page is wrong' }
  /** People close it without a mitigation. */
  | { kind: 'given up'; because: string }
  | { kind: 'quiet from now'; until: string }
  /** How often the body came to each word after its last remedy. */
  | { kind: 'fires again'; tail?: Record<string, number> }
  | { kind: 'paused' }
  | { kind: 'quiet' }
  | { kind: 'unseen' }
  | { kind: 'seen' }
  /** Of an old alert: it is true now. */
  | { kind: 'confirmed' }
  /** How it ends is decided; its last messages are still to be sent. */
  | { kind: 'over' }
  /** Alerts that came after its end are with the next incident. */
  | { kind: 'handed on' }
  | ({ kind: 'follow-up' } & Omit<FollowUp, 'ticket'>)
  /** A follow-up, by its number from 1, has its ticket there, or that ticket was closed. */
  | { kind: 'ticket'; number: number; ticket: NonNullable<FollowUp['ticket']> }
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
