// A cancelled incident ends, whatever its body does not wait for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertEnds, effects, minutes, refused, type Rehearsing } from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const cancelled = (after: number, more: Rehearsing = {}): Rehearsing => ({
  messages: [{ after: minutes(after), signal: 'cancel', args: [{ by: 'bob' }] }, alertEnds(60)],
  people: { 'Undo or leave?': 'leave' },
  ...more,
});

test('what nobody waits for does not keep a cancelled incident from its end', async () => {
  const rehearsed = await trial('forgetful', cancelled(5));
  assert.deepEqual([rehearsed.closed, rehearsed.report.outcome], [true, 'cancelled by bob']);
  assert.deepEqual(effects(rehearsed, 'setFallback'), []);
  assert.deepEqual(
    rehearsed.report.steps.filter(({ ended }) => ended === undefined),
    [],
  );
});

test('what a phase has left to people ends with the cancelled incident, and nothing of it is begun any more', async () => {
  const world = { 'Activate Circuit Breaker': refused('exceeded quota', true) };
  const { closed, report } = await trial('leaving', cancelled(20, { world }));
  assert.deepEqual([closed, report.outcome], [true, 'cancelled by bob']);
  assert.deepEqual(
    report.steps.filter(({ phase }) => phase === 'Immediate Response').map(({ title, state }) => [title, state]),
    [['Activate Circuit Breaker', 'withdrawn']],
  );
  assert.ok(report.phases.every(({ ended }) => ended !== undefined));
});
