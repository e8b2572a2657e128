import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributeUpdatePair } from '@temporalio/common';
import { condition, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { due } from './due.ts';
import type { Incident } from './incident.ts';
import { openQuestions, type State } from './state.ts';
import { cut } from './text.ts';

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
export const tend = (incident: Incident) => Promise.all([keepTime(incident), keepAttributes(incident)]);

async function keepTime(incident: Incident): Promise<never> {
  const nextDue = followed(incident, due);
  for (;;) {
    await condition(() => nextDue() !== undefined);
    const next = nextDue();
    if (next === undefined) continue;
    const left = Math.max(1, Date.parse(next.at) - Date.now());
    const isMoved = () => nextDue()?.what !== next.what || nextDue()?.at !== next.at;
    if (!(await condition(isMoved, left, { summary: next.what }))) incident.record(next.event);
  }
}

/** Says only what is new: each attribute is written to the server's index. */
async function keepAttributes(incident: Incident): Promise<never> {
  const current = followed(incident, attributesOf);
  let shown: string[] = [];
  const isNew = ({ value }: SearchAttributeUpdatePair, index: number) => String(value) !== shown[index];
  for (;;) {
    await condition(() => current().some(isNew));
    const news = current().filter(isNew);
    shown = current().map(({ value }) => String(value));
    if ('NqbaState' in workflowInfo().searchAttributes) upsertSearchAttributes(news);
  }
}

/** What follows from the state, computed once for each: conditions are asked far more often than anything changes. */
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
