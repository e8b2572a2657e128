// Which steps only clear the way of another, or take something back: they change the platform, and fix nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceOf, cleared, isClearing, keyOf, fixesNothing, takeBackTitle } from '../../../workflows/kit/record/clearing.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aStep, at, folded, opened } from '../../support/folding.ts';
import { aReceipt } from '../../support/building.ts';

const clearing = { title: 'Give back a replica', type: 'giveBack', input: {} };
const stuck = { key: 'run/Recovery/Canary/1', title: 'Canary' };

test('a way is cleared by a choice of its own, under the key of the step that is stuck', () => {
  assert.equal(choiceOf(clearing), 'give back a replica, then retry');
  const key = keyOf(clearing, stuck.key, 'canary-2');
  assert.equal(key, 'run/Recovery/Canary/1/Give back a replica/canary-2');
  assert.equal(isClearing({ key }, [{ key: 'run/Recovery/Other/1' }, stuck]), true);
  assert.equal(isClearing({ key }, [{ key: 'run/Recovery/Other/1' }]), false);
  assert.equal(isClearing(stuck, [stuck]), false);
});

test('it is tried again once the way is clear, also in part or by hand', () => {
  assert.deepEqual(cleared, ['done', 'part', 'by hand']);
});

test('clearing a way and taking back fix nothing, whatever they changed', () => {
  const { changes, effect } = aReceipt();
  const key = keyOf(clearing, stuck.key, 'canary-2');
  const state = (settled: { key: string; title: string }): State['state'] => {
    const steps = [aStep(stuck), aStep(settled)];
    return folded(9, opened({ steps }), { kind: 'step settled', key: settled.key, state: 'done', because: '', changes, effect })
      .state;
  };
  assert.equal(state({ key: 'k', title: 'Activate Circuit Breaker' }), 'mitigated');
  assert.equal(state({ key, title: clearing.title }), 'triggered');
  assert.equal(state({ key: 'k', title: takeBackTitle('Activate Circuit Breaker') }), 'triggered');
  assert.equal(takeBackTitle('Canary'), 'Undo: Canary');
  assert.equal(fixesNothing({ key: 'k', title: 'Never take back: it' }, [stuck]), false);
});

test('a step that was never begun settles nothing; of two of one key the later does', () => {
  const settle = (steps: State['steps']) =>
    folded(9, opened({ steps }), { kind: 'step settled', key: 'k', state: 'skipped', because: 'by ann' }).steps;
  assert.deepEqual(settle([aStep({ key: 'l' })]), [aStep({ key: 'l' })]);
  const [first, second] = settle([aStep({ title: 'first' }), aStep({ title: 'second', began: at(2) })]);
  assert.deepEqual([first?.state, second?.state], ['running', 'skipped']);
});
