// After our own downtime many deadlines have passed at once; nobody is woken by three rungs for that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after } from '../../../workflows/kit/record/duration.ts';
import { due } from '../../../workflows/kit/record/due.ts';
import { reduce } from '../../../workflows/kit/record/reducer.ts';
import { opening, type State } from '../../../workflows/kit/record/state.ts';
import { aStart } from '../../support/building.ts';

const at = (minute: number) => after('2026-11-24T03:00:00.000Z', minute * 60_000);

const opened = (): State =>
  [
    { kind: 'phase began', title: 'Immediate Response', by: at(5), at: at(0) } as const,
    { kind: 'phase began', title: 'Investigation', by: at(30), at: at(0) } as const,
    { kind: 'delivered', system: 'pager', page: true, at: at(0) } as const,
  ].reduce<State>(reduce, opening('Dynex Outage', 'dynex-outage', 'P1', aStart(), at(0)));

/** Everything that is due by then happens then, as after a downtime; one event after the other. */
function catchUp(state: State, now: string): State {
  for (let events = 0; events < 50; events += 1) {
    const next = due(state);
    if (!next || next.at > now) return state;
    state = reduce(state, { ...next.event, at: now });
  }
  return assert.fail('what was due stays due');
}

test('after two hours without us one rung is woken, and the next counts from it', () => {
  const state = catchUp(opened(), at(120));
  assert.deepEqual(
    state.paging.pages.map(({ roles }) => roles.join()),
    ['secondary'],
  );
  assert.equal(due(state)?.at, at(130), 'ten minutes lie between the second and the third');
  assert.equal(
    state.phases.every(({ overdue }) => overdue === at(120)),
    true,
    'what is overdue is recorded all the same',
  );
  assert.deepEqual(state.overdue, [{ clock: 'acknowledge', at: at(120) }]);
});

test('of a phase and a rung at the same time the phase comes first; a rung says who it wakes', () => {
  const { event, what } = due(opened()) ?? {};
  assert.deepEqual([event, what], [{ kind: 'phase overdue', title: 'Immediate Response' }, 'Immediate Response is overdue']);
  const next = due(reduce(opened(), { kind: 'phase ended', title: 'Immediate Response', at: at(1) }));
  assert.deepEqual([next?.event, next?.what], [{ kind: 'rung', rung: 1 }, 'page secondary: no response']);
});
