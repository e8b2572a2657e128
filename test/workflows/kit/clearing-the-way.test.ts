// Steps that remove an obstacle of another, or take something back: they change the platform, and fix nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepReport } from '../../../workflows/contract/index.ts';
import type { State } from '../../../workflows/kit/record/state.ts';
import { aStep, at, folded, opened } from '../../support/folding.ts';
import { aReceipt } from '../../support/building.ts';

const { changes, effect, takeBack } = aReceipt();

test('removing an obstacle and taking back fix nothing, whatever they changed', () => {
  const state = (marker: Partial<StepReport>): State['state'] =>
    folded(9, opened({ steps: [aStep(marker)] }), { kind: 'step settled', key: 'k', state: 'done', because: '', changes, effect })
      .state;
  assert.equal(state({ title: 'Take back: this is a title like any other' }), 'mitigated');
  assert.equal(state({ clears: 'run/Recovery/Canary/1' }), 'triggered');
  assert.equal(state({ takesBack: 'run/Recovery/Canary/1' }), 'triggered');
});

test('a try that finds nothing left to change keeps what an earlier one changed', () => {
  const nothing = { kind: 'step settled', key: 'k', state: 'done', because: '', takeBack: undefined } as const;
  const [step] = folded(9, opened({ steps: [aStep({ takeBack })] }), nothing).steps;
  assert.deepEqual(step?.takeBack, takeBack);
});

test('a step that was never begun settles nothing; of two of one key the later does', () => {
  const settle = (steps: State['steps']) =>
    folded(9, opened({ steps }), { kind: 'step settled', key: 'k', state: 'skipped', because: 'by ann' }).steps;
  assert.deepEqual(settle([aStep({ key: 'l' })]), [aStep({ key: 'l' })]);
  const [first, second] = settle([aStep({ title: 'first' }), aStep({ title: 'second', began: at(2) })]);
  assert.deepEqual([first?.state, second?.state], ['running', 'skipped']);
});
