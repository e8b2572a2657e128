// An undo and an action may cross: a receipt says what stood when it was written, and a step that is tried again may leave its record again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { recordedChanges } from '../../../workflows/kit/record/standing.ts';
import { aStep, at, folded, opened } from '../../support/folding.ts';
import { aReceipt } from '../../support/building.ts';

const { changes, effect, takeBack } = aReceipt();
const settled = (key: string, receipt = takeBack): Event => ({
  kind: 'step settled',
  key,
  state: 'done',
  because: '',
  changes,
  effect,
  takeBack: receipt,
});
const triedAgain: Event = { kind: 'step settled', key: 'k', state: 'running', because: '' };
const undone: Event = { kind: 'undone', key: takeBack?.key ?? '', by: 'bob' };

test('a receipt that comes after others undid its record mitigates nothing', () => {
  const before = opened({ steps: [aStep({ key: 'breaker' }), aStep({ key: 'share' })] });
  const after = folded(9, folded(5, before, settled('breaker'), undone), settled('share'));
  assert.equal(after.state, 'triggered');
  assert.equal(after.steps[1]?.undone, at(5));
  assert.deepEqual(recordedChanges(after), []);
});

test('a receipt of another record than the one that was undone mitigates as any', () => {
  const another = settled('share', takeBack && { ...takeBack, key: 'another' });
  const before = opened({ steps: [aStep({ key: 'breaker' }), aStep({ key: 'share' })] });
  assert.equal(folded(9, before, settled('breaker'), undone, another).state, 'mitigated');
});

test('what is undone when the incident is over is on the record, and is told to no one', () => {
  const once = folded(5, opened({ steps: [aStep()] }), settled('k'));
  const after = folded(9, { ...once, state: 'closed' }, undone);
  assert.deepEqual([after.state, after.steps[0]?.undone], ['closed', at(9)]);
  assert.deepEqual(after.announcements, once.announcements);
});

test('a change that was undone while its step was stuck may stand once the step was tried again', () => {
  const stuck: Event = { kind: 'step settled', key: 'k', state: 'waiting', because: '0 of 5', takeBack };
  const once = folded(5, opened({ steps: [aStep()] }), stuck, undone);
  assert.deepEqual(recordedChanges(once), []);
  const after = folded(9, once, triedAgain, settled('k'));
  assert.deepEqual([after.state, recordedChanges(after).length], ['mitigated', 1]);
  const crossed = folded(9, once, triedAgain, undone, settled('k'));
  assert.deepEqual([crossed.state, recordedChanges(crossed).length], ['triggered', 0]);
});

test('what people undo in the quiet time, no recovery that was measured before speaks of', () => {
  const once = folded(5, opened({ steps: [aStep()] }), settled('k'));
  const quiet = {
    ...once,
    state: 'resolved' as const,
    quietUntil: at(60),
    recovery: { verdict: 'healthy' as const, evidence: '' },
  };
  const after = folded(9, quiet, undone);
  assert.deepEqual([after.state, after.recovery, after.quietUntil], ['acknowledged', undefined, undefined]);
  const ours = folded(9, quiet, { kind: 'undone', key: takeBack?.key ?? '' });
  assert.deepEqual([ours.state, ours.quietUntil], ['resolved', at(60)]);
});
