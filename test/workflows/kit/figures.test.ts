import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { figuresOf } from '../../../workflows/kit/record/figures.ts';
import { asOperation, type State } from '../../../workflows/kit/record/state.ts';
import { at, folded, opened } from '../../support/folding.ts';

/** Minutes after the alert fired. */
const after = (minute: number, state: State, event: Event) => figuresOf(state, folded(minute, state, event));

describe('the figures of an incident', () => {
  test('count its end by runbook, severity and outcome, with the times that count', () => {
    const acknowledged = folded(3, opened(), { kind: 'acknowledge', by: 'ann' });
    const resolved = folded(20, acknowledged, { kind: 'resolved' });
    assert.deepEqual(after(80, resolved, { kind: 'closed', outcome: 'recovered' }), [
      { name: 'nqba_runbooks_incidents', labels: { runbook: 'dynex-outage', severity: 'P1', outcome: 'recovered' }, count: 1 },
      { name: 'nqba_runbooks_time_to_acknowledge_seconds', labels: { runbook: 'dynex-outage', severity: 'P1' }, seconds: 180 },
      { name: 'nqba_runbooks_time_to_resolve_seconds', labels: { runbook: 'dynex-outage', severity: 'P1' }, seconds: 1200 },
    ]);
  });

  test('have no time until recovery where none holds: cancelled, or closed by a person after the alert fired again', () => {
    const timed = (state: State, outcome: string) =>
      after(90, state, { kind: 'closed', outcome }).filter(({ name }) => name === 'nqba_runbooks_time_to_resolve_seconds');
    const cancelled = folded(20, opened(), { kind: 'cancel', by: 'ann' }, { kind: 'resolved' });
    assert.deepEqual(timed(cancelled, 'cancelled by ann'), []);
    const measured: Event = { kind: 'recovery', verdict: 'healthy', evidence: '20 of 20 jobs' };
    const relapsed = folded(30, folded(20, opened(), measured), { kind: 'fires again', tail: {} });
    assert.deepEqual(timed(relapsed, 'close: no mitigation was possible: Dynex was retired'), []);
    const again = folded(60, relapsed, measured);
    assert.deepEqual(
      timed(again, 'recovered').map(figure => 'seconds' in figure && figure.seconds),
      [3600],
    );
  });

  test('have a closed list of outcomes, whatever people type', () => {
    const outcomeOf = (outcome: string, before: Event[] = []) => {
      const state = folded(1, opened(), ...before);
      return after(2, state, { kind: 'closed', outcome })[0]?.labels['outcome'];
    };
    const cancel = { kind: 'cancel', by: 'ann', reason: 'a "drill"' } as const;
    assert.deepEqual(
      [
        outcomeOf('observed'),
        outcomeOf('symptom not confirmed'),
        outcomeOf('close: no mitigation was possible: because\nof "that"'),
        outcomeOf('cancelled by ann (a "drill")', [cancel]),
        outcomeOf('cancelled by ann as a false alarm', [{ ...cancel, falseAlarm: true }]),
      ],
      ['observed', 'symptom not confirmed', 'closed by a person', 'cancelled', 'false alarm'],
    );
  });

  test('count a phase that becomes overdue, and each alert that was absorbed', () => {
    const phase = { kind: 'phase began', title: 'Investigation', by: at(30) } as const;
    const begun = folded(5, opened(), phase);
    const labels = { runbook: 'dynex-outage', severity: 'P1' };
    assert.deepEqual(after(30, begun, { kind: 'phase overdue', title: 'Investigation' }), [
      { name: 'nqba_runbooks_overdue_phases', labels, count: 1 },
    ]);
    assert.deepEqual(figuresOf(begun, { ...begun, absorbed: begun.absorbed + 2 }), [
      { name: 'nqba_runbooks_absorbed_alerts', labels: { runbook: 'dynex-outage' }, count: 2 },
    ]);
    assert.deepEqual(after(6, begun, { kind: 'note', by: 'ann', text: 'hm' }), []);
  });

  test('are none of an operation and of a take-back: they are no incidents', () => {
    const closed = { kind: 'closed', outcome: 'done' } as const;
    assert.deepEqual(after(1, asOperation(opened()), closed), []);
    assert.deepEqual(after(1, opened({ runbook: 'take-back' }), closed), []);
  });
});
