/** Where the platform's own API limits and blocks, people do it: the call is ready to paste, and no address is in it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { createActivities } from '../../../activities/index.ts';
import { aPlatform, running, virtualClock, withoutSystems } from '../bare.ts';

const { gateway } = aPlatform;
assert.ok(gateway);
const platform = { ...aPlatform, gateway: { ...gateway, form: 'api' as const } };
const systems = withoutSystems();
const activities = createActivities({ platform, systems, ...virtualClock(), running });

test('sources are blocked by hand, from the list in the artifact store', async () => {
  const item = { cidr: '203.0.113.7/32', rule: 'errors', calls: 40, accepted: 0, accounts: 0, sample: 'GET / 404' };
  const list = await freeze(systems.artifacts, 'abusive sources', [item]);
  const outcome = await activities.gateway.blockSources({ list }, { key: 'run-1/a/1' });
  assert.ok('byHand' in outcome, JSON.stringify(outcome));
  const { paste, because } = outcome.byHand;
  assert.match(paste ?? '', /curl -X PUT "\$NQBA_API_URL\/v1\/blocks"/);
  assert.match(because ?? '', new RegExp(`bodies/${list.digest.slice(0, 2)}/${list.digest}`));
  assert.doesNotMatch(JSON.stringify(outcome), /203\.0\.113/);
});

test('a limit that people set by hand ends by itself after half an hour, and its text says when; the reviewed ones stay', async () => {
  const half = await activities.gateway.setLimit({ limit: 'essential only' }, { key: 'run-1/a/2' });
  assert.ok('byHand' in half, JSON.stringify(half));
  assert.match(half.byHand.paste ?? '', /limits\/class%3Alow-priority" .*"until":"2026-11-24T03:30:00.000Z"/);
  assert.match(half.byHand.because ?? '', /ends by itself at 03:30 UTC/);
  const reviewed = await activities.gateway.setLimit({ limit: 'reviewed' }, { key: 'run-1/a/3' });
  assert.ok('byHand' in reviewed, JSON.stringify(reviewed));
  assert.match(reviewed.byHand.paste ?? '', /"until":null/);
  assert.doesNotMatch(JSON.stringify(reviewed), /by itself|"until\\":\\"/);
});

test('a platform that describes no limits and blocks says so', async () => {
  const none = createActivities({ platform: { ...aPlatform, gateway: undefined }, systems, ...virtualClock(), running });
  const list = await freeze(systems.artifacts, 'abusive sources', []);
  await assert.rejects(none.gateway.blockSources({ list }, { key: 'run-1/a/1' }), /has no section gateway/);
});
