import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributeUpdatePair } from '@temporalio/common';
import { CancellationScope, condition, sleep, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { due } from '../record/due.ts';
import type { Due } from '../record/events.ts';
import type { Incident } from './incident.ts';
import { ignoreCancellation } from './scope.ts';
import { openQuestions, type State } from '../record/state.ts';
import { cut } from '../record/text.ts';

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

/** Keeps the one timer and the search attributes, for as long as the workflow runs. */
export async function runTimer(incident: Incident): Promise<never> {
  const next = followed(incident, due);
  const current = followed(incident, attributesOf);
  const timer = new Timer(incident);
  let shown: string[] = [];
  const isNew = ({ value }: SearchAttributeUpdatePair, index: number) => String(value) !== shown[index];
  for (;;) {
    await condition(() => !timer.waitsFor(next()) || current().some(isNew));
    timer.waitFor(next());
    upsert(current().filter(isNew));
    shown = current().map(({ value }) => String(value));
  }
}

/** Says only what is new: each attribute is written to the server's index. */
function upsert(news: SearchAttributeUpdatePair[]) {
  if (news.length > 0 && 'NqbaState' in workflowInfo().searchAttributes) upsertSearchAttributes(news);
}

/** The one timer: it waits for what time does next. */
class Timer {
  private readonly incident: Incident;
  private awaited: Due | undefined;
  private scope: CancellationScope | undefined;

  constructor(incident: Incident) {
    this.incident = incident;
  }

  waitsFor(next: Due | undefined): boolean {
    return next?.at === this.awaited?.at && next?.what === this.awaited?.what;
  }

  waitFor(next: Due | undefined) {
    if (this.waitsFor(next)) return;
    this.scope?.cancel();
    this.awaited = next;
    if (!next) return;
    this.scope = new CancellationScope();
    void this.scope.run(() => this.happens(next)).catch(ignoreCancellation);
  }

  private async happens(next: Due) {
    await sleep(Math.max(1, Date.parse(next.at) - Date.now()), { summary: next.what });
    if (this.awaited !== next) return;
    this.awaited = undefined;
    this.incident.record(next.event);
  }
}

/** A value that follows from the state, computed once for each state: conditions are asked far more often than anything changes. */
function followed<T>(incident: Incident, of: (state: State) => T): () => T {
  let state = incident.state;
  let value = of(state);
  return () => {
    if (state !== incident.state) {
      state = incident.state;
      value = of(state);
    }
    return value;
  };
}

function attributesOf(incident: State): SearchAttributeUpdatePair[] {
  const { state, severity, phases, outcome } = incident;
  const waiting = [...new Set(openQuestions(incident).map(({ owner }) => owner as string))];
  return [
    { key: attributes.state, value: state },
    { key: attributes.severity, value: severity },
    { key: attributes.phase, value: phases.findLast(({ ended }) => ended === undefined)?.title ?? null },
    { key: attributes.outcome, value: outcome === undefined ? null : cut(outcome, longestKeyword) },
    { key: attributes.waitingFor, value: waiting.length > 0 ? waiting : null },
  ];
}
