/** Quota Exhaustion is over when no quota is nearly used up, hardly a call is refused, and limits are enforced. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { during, gatewayOver } from './platform-api.ts';

const of = 'quota-exhaustion';

test('a quiet platform has recovered, once customers of ours have tried their limits', async () => {
  const { verdict, evidence } = await gatewayOver({ density: 2 }).recovered({ of });
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /As customers of ours at http:\/\/api\/?: free was answered 30 times/);
});

test('fewer than 500 calls in half an hour do not say that it is over', async () => {
  const { verdict, evidence } = await gatewayOver({ density: 0.5 }).recovered({ of });
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /too few to judge by/);
});

test('a quota that is used up, and calls that are refused, keep it open', async () => {
  assert.equal((await gatewayOver({ density: 2, used: { 'customer-8': 0.95 } }).recovered({ of })).verdict, 'faulty');
  const { verdict, evidence } = await gatewayOver({ ...during('legitimate'), density: 2 }).recovered({ of, symptom: true });
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /of the calls are refused/);
  assert.doesNotMatch(evidence, /As customers of ours/);
});

test('where the platform does not answer for entitlements, recovery is unknown', async () => {
  assert.equal((await gatewayOver({ density: 2 }, 'unsupported').recovered({ of })).verdict, 'unknown');
});
