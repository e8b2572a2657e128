/** Who uses how much of a quota, who calls more than usual, and what the checks do not know. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlatform } from '../bare.ts';
import { allowedBy } from '../../../lab/world/customers.ts';
import { during, frozenBy, gatewayOver } from './platform-api.ts';

test('on a quiet platform no customer is near a quota, and no one calls more than usual', async () => {
  const { quotas, traffic } = gatewayOver();
  const used = await quotas({ freeze: 'near' });
  assert.equal(used.verdict, 'healthy');
  assert.ok((used.facts?.highest ?? 1) < 0.9);
  assert.deepEqual([used.facts?.frozen, used.frozen?.count], [0, 0], 'a list without anyone is one');
  const calls = await traffic({});
  assert.equal(calls.verdict, 'healthy', calls.evidence);
  assert.equal(calls.facts?.refused, 0);
});

test('the storage for pins is told where IPFS is described', async () => {
  const { ipfs: _, ...without } = aPlatform;
  const { evidence } = await gatewayOver().quotas({});
  assert.match(evidence, /Not checked: .*IPFS is not connected: set IPFS_API_URL.* Not measured: calls of Dynex and OpenAI\.$/);
  assert.doesNotMatch((await gatewayOver({}, 'healthy', without).quotas({})).evidence, /IPFS/);
});

test('customers near their quota are frozen, and named nowhere else', async () => {
  const gateway = gatewayOver(during('legitimate'));
  const found = await gateway.quotas({ freeze: 'near' });
  assert.equal(found.verdict, 'faulty');
  assert.deepEqual(found.facts?.customersOver, { business: 3 });
  assert.equal(found.facts?.highest, 1);
  assert.match(await frozenBy(gateway, found), /"customer-7"/);
  assert.doesNotMatch(JSON.stringify(found), /customer-\d/);
});

test('customers near their calls a minute are frozen with what they call of what they may, as the access log has it', async () => {
  const gateway = gatewayOver(during('legitimate'));
  const without = await gateway.quotas({ freeze: 'near' });
  assert.doesNotMatch(await frozenBy(gateway, without), /calls_per_minute/);
  const found = await gateway.quotas({ rates: true, freeze: 'near' });
  const items: unknown = JSON.parse(await frozenBy(gateway, found));
  assert.ok(Array.isArray(items));
  const near = items.filter(({ of }) => of === 'calls_per_minute');
  assert.deepEqual(new Set(near.map(({ customer }) => customer)), new Set(['customer-7', 'customer-8', 'customer-9']));
  assert.equal(near.length, 3);
  for (const { used, allowed } of near) {
    assert.equal(allowed, allowedBy.business.calls_per_minute);
    assert.ok(used >= 0.9 * allowed, `${used} of ${allowed}`);
  }
  assert.equal((await gatewayOver(during('abuse')).quotas({ rates: true, freeze: 'near' })).frozen?.count, 0);
});

test('a raised quota counts while it lasts', async () => {
  const { quotas, customers } = gatewayOver({ used: { 'customer-7': 1 } });
  assert.equal((await quotas({})).verdict, 'faulty');
  const override = { jobs_per_month: 2000, until: '2026-04-01T00:00:00Z' };
  customers.change({ overrides: [{ at: 0, user: 'customer-7', override }] });
  assert.equal((await quotas({})).verdict, 'healthy');
});

test('where the platform cannot answer for entitlements, nothing is known of quotas', async () => {
  const found = await gatewayOver({}, 'unsupported').quotas({});
  assert.equal(found.verdict, 'unknown');
  assert.match(found.evidence, /500/);
});

test('growing customers are found against seven days; what was refused says why', async () => {
  const gateway = gatewayOver(during('legitimate'));
  const { verdict, facts, evidence, ...found } = await gateway.traffic({ by: 'customer', freeze: 'grown' });
  assert.equal(verdict, 'faulty', evidence);
  assert.equal(facts?.grown, 3);
  assert.ok((facts?.routesOfGrown ?? 0) >= 3);
  assert.ok((facts?.refusedByRate ?? 0) > 0.05, evidence);
  assert.match(await frozenBy(gateway, found), /customer-8/);
  assert.doesNotMatch(evidence, /customer-\d|198\.51/);
});

test('behind a proxy addresses are not counted, and the evidence says so', async () => {
  const { facts, evidence } = await gatewayOver(during('proxied')).traffic({});
  assert.equal(facts?.hasAddresses, false);
  assert.match(evidence, /addresses are unknown/);
});
