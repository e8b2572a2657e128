// What we take of the SDK beside its exports is still there, in the form in which we use it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as internals from '../../worker/rehearsal/sdk-internals.ts';

test('the SDK has everything that the rehearsal takes from its inside', () => {
  const { createUnsafeRandomSource, globalHandlers, msNumberToTs, optionalTsToMs, parseWorkflowCode, ReusableVMWorkflowCreator } =
    internals;
  for (const taken of [createUnsafeRandomSource, msNumberToTs, optionalTsToMs, parseWorkflowCode])
    assert.equal(typeof taken, 'function');
  assert.equal(typeof globalHandlers.uninstall, 'function');
  assert.equal(typeof Reflect.get(ReusableVMWorkflowCreator, 'create'), 'function');
  assert.equal(optionalTsToMs(msNumberToTs(1500)), 1500);
});
