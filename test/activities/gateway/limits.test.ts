/** Limits in force are held against the reviewed ones, and customers of ours try them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { during, gatewayOver } from './platform-api.ts';

test('tiers as reviewed, a price list as reviewed, and limits that normal use fits in', async () => {
  const { verdict, evidence } = await gatewayOver().limits({ layer: 'tiers' });
  assert.equal(verdict, 'healthy', evidence);
});

test('a limit that someone has set below normal use differs, and is below what the tier needs', async () => {
  const { limits } = gatewayOver({ ...during('misconfigured'), density: 20 });
  const found = await limits({});
  assert.equal(found.verdict, 'faulty');
  assert.deepEqual(found.facts?.differing, ['tier:premium']);
  assert.deepEqual(found.facts?.belowUsual, ['tier:premium']);
});

test('a price list with other prices than the reviewed ones is a table that disagrees', async () => {
  const { limits } = gatewayOver({ prices: [{ at: 0, version: 'pricing-json' }] });
  const { verdict, facts } = await limits({ layer: 'tiers' });
  assert.equal(verdict, 'faulty');
  assert.deepEqual(facts?.tables, ['reviewed', 'prices']);
});

test('each tier is answered below its limit and refused above it; within the minute the last try counts', async () => {
  const { limits, clock } = gatewayOver();
  const first = await limits({ layer: 'tiers', probe: true });
  assert.deepEqual(first.facts?.right, ['free', 'business', 'premium', 'luxury'], first.evidence);
  await clock.sleep(20_000);
  assert.match((await limits({ layer: 'tiers', probe: true })).evidence, /\(20 s ago\)/);
  await clock.sleep(45_000);
  assert.equal((await limits({ layer: 'tiers', probe: true })).verdict, 'healthy');
});

test('a tier that is refused too soon is wrong', async () => {
  const { facts, verdict } = await gatewayOver({ ...during('misconfigured'), density: 20 }).limits({
    layer: 'tiers',
    probe: true,
  });
  assert.equal(verdict, 'faulty');
  assert.deepEqual(facts?.wrong, ['premium']);
});

test('where the platform does not answer for entitlements, tiers are unknown', async () => {
  assert.equal((await gatewayOver({}, 'unsupported').limits({ layer: 'tiers' })).verdict, 'unknown');
});
