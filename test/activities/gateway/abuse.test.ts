/** Abuse is told from a bug, and no address of a log without addresses is named. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { during, frozenBy, gatewayOver } from './platform-api.ts';

test('a quiet platform has no hit', async () => {
  const { abuse } = gatewayOver({ density: 20 });
  for (const surface of ['api', 'login'] as const) {
    const { verdict, evidence } = await abuse({ surface });
    assert.equal(verdict, 'healthy', evidence);
  }
});

test('scrapers are abuse-like, and their sources are frozen with a sample', async () => {
  const gateway = gatewayOver({ ...during('abuse'), density: 10 });
  const found = await gateway.abuse({ surface: 'api', freeze: 'sources' });
  assert.equal(found.verdict, 'faulty');
  assert.ok(found.facts?.abuseLike?.length);
  assert.deepEqual(found.facts?.bugLike, []);
  assert.equal(found.frozen?.count, 10);
  assert.match(await frozenBy(gateway, found), /"cidr":"203\.0\.113\.7\/32".*python-requests/);
  assert.doesNotMatch(found.evidence, /203\.0\.113/);
});

test('one client version that does not wait is bug-like: no source is frozen', async () => {
  const { facts, frozen, evidence } = await gatewayOver({ ...during('bug'), density: 10 }).abuse({
    surface: 'api',
    freeze: 'sources',
  });
  assert.deepEqual(facts?.abuseLike, [], evidence);
  assert.equal(facts?.bugLike?.length, 1);
  assert.equal(frozen, undefined);
  assert.match(evidence, /same client version/);
});

test('growing customers are neither', async () => {
  const { verdict, evidence } = await gatewayOver({ ...during('legitimate'), density: 10 }).abuse({ surface: 'api' });
  assert.equal(verdict, 'healthy', evidence);
});

test('without addresses of clients the rules about them are unknown, and no source is frozen', async () => {
  const { verdict, facts, frozen } = await gatewayOver({ ...during('proxied'), density: 10 }).abuse({
    surface: 'api',
    freeze: 'sources',
  });
  assert.equal(verdict, 'unknown');
  assert.equal(facts?.hasAddresses, false);
  assert.equal(frozen, undefined);
});

test('spraying is found by its addresses, a takeover by a success after many failures', async () => {
  const sprayed = await gatewayOver(during('spraying')).abuse({ surface: 'login', freeze: 'sources' });
  assert.ok(sprayed.facts?.abuseLike?.includes('one address tries many accounts'), sprayed.evidence);
  assert.equal(sprayed.frozen?.count, 3);
  const taken = await gatewayOver(during('takeover')).abuse({ surface: 'login' });
  assert.equal(taken.facts?.takeovers, 1, taken.evidence);
});
