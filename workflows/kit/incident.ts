import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Report, Severity, Start, Verdicted } from '../contract/index.ts';
import { due } from './due.ts';
import type { Event } from './events.ts';
import { type Malformed, readAlert, readDecision, readPerson } from './guard.ts';
import { type Entry, entryOf } from './journal.ts';
import { reduce, refusalOf } from './reducer.ts';
import { openQuestions, opening, reportOf, type State } from './state.ts';
import { cut } from './text.ts';

const ways = {
  alert: defineSignal<unknown[]>('alert'),
  decide: { signal: defineSignal<unknown[]>('decide'), update: defineUpdate<Verdicted, unknown[]>('decide') },
  acknowledge: {
    signal: defineSignal<unknown[]>('acknowledge'),
    update: defineUpdate<Verdicted, unknown[]>('acknowledge'),
  },
  release: defineSignal<unknown[]>('release'),
  cancel: defineSignal<unknown[]>('cancel'),
  report: defineQuery<Report>('report'),
  journal: defineQuery<Entry[]>('journal'),
};

/** A keyword that the server refuses would fail every later workflow task; so many characters fit in every store. */
const longestKeyword = 80;
const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const attributes = {
  state: keyword('NqbaState'),
  severity: keyword('NqbaSeverity'),
  phase: keyword('NqbaPhase'),
  outcome: keyword('NqbaOutcome'),
  waitingFor: defineSearchAttributeKey('NqbaWaitingFor', SearchAttributeType.KEYWORD_LIST),
};

export interface About {
  title: string;
  runbook: string;
  severity: Severity;
}

/** What happened so far, who is told of it, and the one timer. */
export class Incident {
  state: State;
  /** Actions in flight or waiting for people; none is ever cut off. */
  acting = 0;
  /** Where nobody's cancellation reaches. One for all that needs it: Temporal keeps every scope until its parent ends. */
  readonly sheltered = new CancellationScope({ cancellable: false });
  /** What every key of the incident begins with: kept by continue-as-new and by reset, new with every start. */
  readonly id = workflowInfo().firstExecutionRunId;
  readonly workflowId = workflowInfo().workflowId;
  readonly start: Start;
  private readonly entries: Entry[] = [];

  constructor(about: About, start: Start) {
    this.start = start;
    this.state = opening(about.title, about.runbook, about.severity, start, this.now());
    this.listen();
  }

  now = () => new Date().toISOString();

  /** Milliseconds of waiting for the world on this platform. */
  paced = (ms: number) => ms * this.start.platform.pace;

  record(event: Event) {
    const at = this.now();
    this.entries.push(entryOf(this.entries.length + 1, at, event));
    this.state = reduce(this.state, { ...event, at });
  }

  /** Keeps the one timer and the search attributes, for as long as the workflow runs. */
  tend = () => Promise.all([this.keepTime(), this.keepAttributes()]);

  private async keepTime(): Promise<never> {
    for (;;) {
      await condition(() => due(this.state) !== undefined);
      const next = due(this.state);
      if (next === undefined) continue;
      const left = Math.max(1, Date.parse(next.at) - Date.now());
      const moved = await condition(() => due(this.state)?.what !== next.what || due(this.state)?.at !== next.at, left, {
        summary: next.what,
      });
      if (!moved) this.record(next.event);
    }
  }

  private async keepAttributes(): Promise<never> {
    let shown = '';
    for (;;) {
      await condition(() => this.attributes().text !== shown);
      const { text, pairs } = this.attributes();
      shown = text;
      if ('NqbaState' in workflowInfo().searchAttributes) upsertSearchAttributes(pairs());
    }
  }

  private attributes() {
    const { state, severity, phases, outcome } = this.state;
    const phase = phases.findLast(({ ended }) => ended === undefined)?.title ?? null;
    const waiting = [...new Set(openQuestions(this.state).map(({ owner }) => owner as string))];
    return {
      text: JSON.stringify([state, severity, phase, outcome, waiting]),
      pairs: () => [
        { key: attributes.state, value: state },
        { key: attributes.severity, value: severity },
        { key: attributes.phase, value: phase },
        { key: attributes.outcome, value: outcome === undefined ? null : cut(outcome, longestKeyword) },
        { key: attributes.waitingFor, value: waiting.length > 0 ? waiting : null },
      ],
    };
  }

  private listen() {
    const { alert, decide, acknowledge, release, cancel, report, journal } = ways;
    setHandler(alert, (...args) => void this.hear('alert', readAlert(args), alert => ({ kind: 'alert', alert })));
    setHandler(decide.signal, (...args) => void this.decide(args), hint(howToDecide));
    setHandler(decide.update, (...args) => this.decide(args), hint(howToDecide));
    setHandler(acknowledge.signal, (...args) => void this.acknowledge(args), hint('I am on it: {"by":"you"}'));
    setHandler(acknowledge.update, (...args) => this.acknowledge(args), hint('I am on it: {"by":"you"}'));
    setHandler(
      release,
      (...args) => void this.hear('release', readPerson(args), ({ by }) => ({ kind: 'release', by })),
      hint('Plan every held action anew: {"by":"you"}'),
    );
    setHandler(
      cancel,
      (...args) => void this.hear('cancel', readPerson(args), person => ({ kind: 'cancel', ...person })),
      hint('Stop the runbook; undo or leave is asked: {"by":"you","reason":"why"}'),
    );
    setHandler(report, () => reportOf(this.state), hint('All that is known of the incident'));
    setHandler(journal, () => this.entries, hint('Everything that happened, in order'));
  }

  private decide = (args: unknown[]) =>
    this.hear(
      'decide',
      readDecision(args),
      decision => ({ kind: 'decide', decision, how: 'claimed' }),
      decision => refusalOf(this.state, decision),
    );

  private acknowledge = (args: unknown[]) =>
    this.hear('acknowledge', readPerson(args), ({ by }) => ({ kind: 'acknowledge', by }));

  /** Whatever was sent is recorded: what it says, or why it is refused. */
  private hear<T>(
    what: string,
    read: { ok: T } | Malformed,
    event: (said: T) => Event,
    refuse: (said: T) => string | undefined = () => undefined,
  ): Verdicted {
    if ('malformed' in read) {
      this.record({ kind: 'refused', what, by: 'unknown', because: read.malformed });
      return { accepted: false, because: read.malformed };
    }
    const because = refuse(read.ok);
    this.record(event(read.ok));
    return because === undefined ? { accepted: true } : { accepted: false, because };
  }
}

/** What the Temporal UI says of a message. */
const hint = (description: string) => ({ description });
const howToDecide = 'Answer a question: {"question":"its id","choice":"one of its choices","by":"you"}';
