// An undo and an action may cross: a receipt says what stood when it was written, and a step that is tried again may leave its record again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TakeBack } from '../../../workflows/contract/index.ts';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { recordedChanges, triesWithoutReceipt } from '../../../workflows/kit/record/standing.ts';
import { aStep, at, folded, opened } from '../../support/folding.ts';
import { aReceipt } from '../../support/building.ts';

const { changes, effect, takeBack } = aReceipt();
const aTakeBack: TakeBack = takeBack ?? assert.fail('the receipt has no record');
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

test('a receipt that crossed an undo of its record claims nothing until the record is found on the object', () => {
  const once = folded(2, opened({ steps: [aStep({ action: { type: 'setFallback', input: {} } })] }), settled('k'));
  const crossed = folded(9, folded(5, once, triedAgain, undone), settled('k'));
  assert.deepEqual([crossed.state, recordedChanges(crossed)], ['triggered', []]);
  assert.deepEqual(
    triesWithoutReceipt(crossed).map(({ key }) => key),
    ['k'],
  );
  const found: Event = { kind: 'change found', takeBack: { ...aTakeBack, words: 'setFallback' } };
  assert.deepEqual(recordedChanges(folded(10, crossed, found)), recordedChanges(once));
  assert.deepEqual(triesWithoutReceipt(folded(10, crossed, found)), []);
});

test('a record under the key of a later try is found for the step that an undo crossed', () => {
  const crossed = folded(9, folded(5, opened({ steps: [aStep()] }), settled('k'), triedAgain, undone), settled('k'));
  const found = folded(10, crossed, { kind: 'change found', takeBack: { ...aTakeBack, key: 'kb' } });
  assert.deepEqual(
    recordedChanges(found).map(({ takeBack }) => takeBack.key),
    ['kb'],
  );
});

test('a record that was undone before its step began stands again as its receipt says', () => {
  const early = folded(5, opened({ steps: [aStep({ key: 'breaker' })] }), settled('breaker'), undone);
  const begun = { ...early, steps: [...early.steps, aStep({ key: 'relapse', began: at(7) })] };
  const after = folded(9, begun, settled('relapse'));
  assert.deepEqual([after.state, after.steps[1]?.undone], ['mitigated', undefined]);
});

test('a receipt that crosses an undo stands for nothing, though others had the record and lost it long before', () => {
  const early = folded(5, opened({ steps: [aStep({ key: 'breaker' })] }), settled('breaker'), undone);
  const both = [aStep({ key: 'relapse', began: at(6) }), aStep({ key: 'share', began: at(6) })];
  const crossed = folded(8, { ...early, steps: [...early.steps, ...both] }, settled('relapse'), undone);
  const after = folded(9, crossed, settled('share'));
  assert.deepEqual([after.state, after.steps[2]?.undone, recordedChanges(after)], ['triggered', at(8), []]);
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
