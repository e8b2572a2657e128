/** Limits in force are held against the reviewed ones, and customers of ours try them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordName, recordOf } from '../../../activities/engine/holders.ts';
import { gatewayOf } from '../../../activities/platform.ts';
import { activitiesWith, aPlatform } from '../bare.ts';
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

test('three tables that disagree are one finding, which says of each what it has', async () => {
  const gateway = gatewayOf(aPlatform);
  const business = { jobsPerMonth: 2000, callsPerDay: 10_000, price: 29_900 };
  const described = { ...aPlatform, gateway: { ...gateway, tiers: { ...gateway.tiers, business } } };
  const { limits } = gatewayOver({ prices: [{ at: 0, version: 'pricing-json' }] }, 'healthy', described);
  const { verdict, evidence, facts } = await limits({ layer: 'tiers' });
  assert.equal(verdict, 'faulty');
  assert.deepEqual(facts?.tables, ['reviewed', 'entitlements', 'prices']);
  assert.match(
    evidence,
    /business has 1000 jobs a month, reviewed are 2000; .*the price list pricing-json has other prices for business/,
  );
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

const prefix = 'nginx.ingress.kubernetes.io';
const limitsOf = (rate: number, burst = 2) => ({
  [`${prefix}/limit-rpm`]: String(rate),
  [`${prefix}/limit-burst-multiplier`]: String(burst),
});

/** An API server whose Ingress of low priority has these annotations; the other is as reviewed. */
const edgeWith = (annotations: Record<string, string>) => {
  const { gateway } = activitiesWith({
    kubernetes: {
      fetch: ({ url }) => {
        const name = new URL(url).pathname.split('/').at(-1) ?? '';
        const metadata = { name, uid: name, annotations: name.endsWith('low-priority') ? annotations : limitsOf(1200, 5) };
        return Response.json({ metadata: { ...metadata, resourceVersion: '1' }, spec: {} });
      },
    },
  });
  return gateway.limits({ layer: 'edge' });
};

test('a limit that a change of ours set on an Ingress is named as ours and is no evidence, until someone else changes it', async () => {
  const set = Object.fromEntries(Object.entries(limitsOf(60)).map(([name, value]) => [`annotation ${name}`, value]));
  const before = Object.fromEntries(Object.keys(set).map(field => [field, null]));
  const key = 'run-1/Phase/Step/1';
  const record = { [recordName(key)]: recordOf({ action: 'setLimit', key, before, set }) };
  const ours = await edgeWith({ ...limitsOf(60), ...record });
  assert.equal(ours.verdict, 'healthy', ours.evidence);
  assert.deepEqual(ours.facts?.differing, []);
  assert.match(ours.evidence, /Ours: Ingress nqba-platform-low-priority limits 60 a minute, for incident run-1\./);
  for (const annotations of [limitsOf(60), { ...limitsOf(30), ...record }]) {
    const theirs = await edgeWith(annotations);
    assert.deepEqual([theirs.verdict, theirs.facts?.differing], ['faulty', ['class:low-priority']], theirs.evidence);
    assert.doesNotMatch(theirs.evidence, /Ours/);
  }
});
