import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributeUpdatePair } from '@temporalio/common';
import { CancellationScope, condition, sleep, upsertSearchAttributes } from '@temporalio/workflow';
import type { SearchAttributeName, Start } from '../../contract/index.ts';
import { due } from '../record/due.ts';
import type { Due } from '../record/events.ts';
import type { Incident } from './incident.ts';
import { ignoreCancellation } from './scope.ts';
import { openQuestions, type State } from '../record/state.ts';

const keyword = (name: SearchAttributeName) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const attributes = {
  state: keyword('RunbookState'),
  severity: keyword('RunbookSeverity'),
  waitingFor: defineSearchAttributeKey('RunbookWaitingFor' satisfies SearchAttributeName, SearchAttributeType.KEYWORD_LIST),
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
    upsert(current().filter(isNew), incident.start);
    shown = current().map(({ value }) => String(value));
  }
}

/** Sets only what is new, and what the start says that the namespace has: the server fails a workflow task for any other. */
function upsert(news: SearchAttributeUpdatePair[], { attributes: known = [] }: Start) {
  const set = news.filter(({ key }) => known.some(name => name === key.name));
  if (set.length > 0) upsertSearchAttributes(set);
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
  const { state, severity } = incident;
  const waiting = [...new Set(openQuestions(incident).map(({ owner }) => owner))];
  return [
    { key: attributes.state, value: state },
    { key: attributes.severity, value: severity },
    { key: attributes.waitingFor, value: waiting.length > 0 ? waiting : null },
  ];
}
