import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { Role, Severity, Start } from '../../contract/index.ts';
import type { Event } from '../record/events.ts';
import { figuresOf } from '../record/figures.ts';
import { withLikeness } from '../record/resume-from.ts';
import { registerHandlers } from './handlers.ts';
import { measure } from './measuring.ts';
import { reduce } from '../record/reducer.ts';
import { shortened } from '../record/shorten.ts';
import { asOperation, opening, type State } from '../record/state.ts';

/** The state that a run hands to the next one when an incident rolls over. */
export interface Resumed {
  state: State;
}
export type Resumable = Start & { resumed?: Resumed };

/** First workflow argument, passed by `interceptors.ts`: it receives the incident, so that the board can be rendered on demand. */
export type Showing = (incident: Incident) => void;

export interface About {
  title: string;
  runbook: string;
  severity: Severity;
  /** The owner of the runbook. */
  owner?: Role;
  kind?: 'operation';
}

/** One running incident: its state, its handlers and its one timer. */
export class Incident {
  state: State;
  /** Actions in flight or waiting for people; none is ever cut off. */
  acting = 0;
  /** Non-cancellable scope shared by everything that must survive a cancellation: Temporal keeps each scope until its parent ends. */
  readonly nonCancellable = new CancellationScope({ cancellable: false });
  /** Every key of the incident begins with it: kept by continue-as-new and by reset, new with every start. */
  readonly id = workflowInfo().firstExecutionRunId;
  readonly workflowId = workflowInfo().workflowId;
  readonly start: Start;
  readonly about: About;
  /** How often this run came to each word. */
  private readonly times = new Map<string, number>();
  private before: ReadonlyMap<string, number> = this.times;
  /** `inFlight`: awaited activities. `news`: messages received and activities finished in this run. */
  private inFlight = 0;
  private clock = { at: 0, text: '' };
  private waiting: { isSo: () => boolean; goOn: () => void }[] = [];
  news = 0;
  private judgements = 0;
  isMeasuring = false;
  restarting = false;

  constructor(about: About, { resumed, like, ...start }: Resumable) {
    this.start = start;
    this.about = about;
    const opened = opening(about.title, about.runbook, about.severity, start, this.now());
    const begun = about.kind === 'operation' ? asOperation(opened) : opened;
    this.state = resumed?.state ?? (like ? withLikeness(begun, like, this.id) : begun);
    registerHandlers(this);
  }

  /** RFC 3339; the same for a whole workflow task. */
  now = () => {
    const at = Date.now();
    if (at !== this.clock.at) this.clock = { at, text: new Date(at).toISOString() };
    return this.clock.text;
  };

  /** Milliseconds of waiting for the world on this platform. */
  paced = (ms: number) => ms * this.start.platform.pace;

  record(event: Event) {
    const before = this.state;
    this.state = reduce(before, { ...event, at: this.now() });
    measure(figuresOf(before, this.state));
    this.waiting = this.waiting.filter(({ isSo, goOn }) => !isSo() || goOn());
  }

  /** Until the record says so. No one's cancellation reaches it; an open incident keeps much less of it than of Temporal's `condition`. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise(resolve => {
      if (isSo()) resolve();
      else this.waiting.push({ isSo, goOn: resolve });
    });
  }

  step = (key: string) => this.state.steps.findLast(step => step.key === key);

  /** Counts how often this run comes to a word, and gives what the record has for that time. */
  comesAgain<T>(kind: string, title: string, recorded: (time: number) => T | undefined): T | undefined {
    const word = `${kind} ${title}`;
    const time = (this.times.get(word) ?? 0) + 1;
    this.times.set(word, time);
    return recorded(time + (this.state.replay.passed?.[word] ?? 0));
  }

  /** A remedy is over: what follows is reopened with it. */
  endRemedy() {
    this.before = new Map(this.times);
  }

  /** Occurrences of each word since the last remedy ended; they renumber the words when the remedy is reopened. */
  tail = (): Record<string, number> =>
    Object.fromEntries(
      [...this.times]
        .map(([word, times]) => [word, times - (this.before.get(word) ?? 0)] as const)
        .filter(([, times]) => times > 0),
    );

  /** Waits for the world before looking again, or until something else happens; a wait that is recorded is over at once. */
  async pause(ms: number, summary: string, until: () => boolean = () => false): Promise<void> {
    if (this.comesAgain('pause', '', time => time <= this.state.pauses || undefined)) return;
    await condition(until, this.paced(ms), { summary });
    this.record({ kind: 'paused' });
  }

  /** Runs an activity that something waits for: meanwhile the incident does not roll over. */
  async tracked<T>(run: () => Promise<T>): Promise<T> {
    this.inFlight += 1;
    try {
      return await run();
    } finally {
      this.inFlight -= 1;
      this.news += 1;
    }
  }

  /** Measures while no step is judged again: what was measured would be true no longer. */
  async undisturbed<T>(measure: () => Promise<T>): Promise<T> {
    this.isMeasuring = true;
    try {
      await condition(() => this.judgements === 0);
      return await measure();
    } finally {
      this.isMeasuring = false;
    }
  }

  /** Judges a step again; recovery is not measured meanwhile. */
  async judging<T>(judge: () => Promise<T>): Promise<T> {
    this.judgements += 1;
    try {
      return await judge();
    } finally {
      this.judgements -= 1;
    }
  }

  /** Nothing is in flight, and this run has got further than the one before, or is to begin again. */
  isQuiet = () => this.inFlight === 0 && (this.news > 0 || this.restarting);

  /** Runs the body from its top, in a new run: what is recorded returns at once. Nothing follows in this one. */
  again(): Promise<never> {
    this.restarting = true;
    return new Promise(() => undefined);
  }

  /** The input of the next run. */
  carryOver(): Resumed {
    return { state: shortened(this.state) };
  }
}
