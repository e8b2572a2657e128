import { isDeepStrictEqual } from 'node:util';
import type { Question, Severity, StepReport } from '../../workflows/contract/index.ts';
import type { Event } from '../../workflows/kit/record/events.ts';
import { reduce } from '../../workflows/kit/record/reducer.ts';
import { countedOf } from '../../workflows/kit/record/counted-alerts.ts';
import { opening, type State } from '../../workflows/kit/record/state.ts';
import { aStart } from './building.ts';

/** RFC 3339, so many minutes after the alert fired. */
export const at = (minute: number) => new Date(Date.parse('2026-11-24T03:00:00.000Z') + minute * 60_000).toISOString();

/** An incident that has just opened, but for what the test is about. */
export const opened = (change: Partial<State> = {}, severity: Severity = 'P1'): State => ({
  ...opening('Dynex Outage', 'dynex-outage', severity, aStart(), at(0)),
  ...(change.alerts && { counted: change.alerts.map(alert => countedOf(alert, at(0))) }),
  ...change,
});

/** A question that nobody is told of any more, so that only the test changes it. */
export const aQuestion = (change: Partial<Question> = {}): Question => ({
  id: 'cause',
  kind: 'choice',
  title: 'What is the cause?',
  choices: ['ours', 'theirs'],
  owner: 'quantum',
  blocking: true,
  asked: at(1),
  announced: at(1),
  ...change,
});

/** A step that has begun. */
export const aStep = (change: Partial<StepReport> = {}): StepReport => ({
  key: 'k',
  title: 'Activate Circuit Breaker',
  phase: 'Immediate Response',
  state: 'running',
  because: '',
  evidence: '',
  began: at(1),
  changes: [],
  ...change,
});

/** The state after these events, all at one minute. */
export const folded = (minute: number, state: State, ...events: Event[]): State =>
  events.reduce((next, event) => reduce(next, { ...event, at: at(minute) }), state);

/** As the record keeps it: without what is undefined. */
export const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Exactly what differs, as it is kept afterwards; what is gone is undefined. */
export function changed(...states: [before: State, after: State]): Partial<State> {
  const [before, after] = kept(states);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names]
      .filter(name => !isDeepStrictEqual(Reflect.get(before, name), Reflect.get(after, name)))
      .map(name => [name, Reflect.get(after, name)]),
  );
}
