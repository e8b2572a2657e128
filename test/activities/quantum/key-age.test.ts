/** How old the Dynex key is, by when its Secret was last written, and whether that is too old. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { createActivities } from '../../../activities/index.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';

const value = 'dnx_practice_4f1c9a7e';
const written = '2026-11-24T03:00:00Z';
const day = 86_400_000;

/** The Secret alone: no workload says where it takes the key from. */
const cluster = (managedFields: object[]) => (request: Request) => {
  const { pathname } = new URL(request.url);
  if (!pathname.endsWith('/secrets/nqba-secrets'))
    return Response.json({ kind: 'Status', message: 'not found' }, { status: 404 });
  const metadata = { name: 'nqba-secrets', namespace: 'nqba-platform', uid: 'u', resourceVersion: '1', managedFields };
  return Response.json({ metadata, data: { 'dynex-api-key': Buffer.from(value).toString('base64') } });
};
const owned = { manager: 'kubectl', operation: 'Update', time: written, fieldsV1: { 'f:data': { 'f:dynex-api-key': {} } } };

function keyAge(days: number, managedFields: object[] = [owned], platform = aPlatform) {
  const clock = virtualClock(Date.parse(written) + days * day);
  const systems = connected({ kubernetes: { fetch: cluster(managedFields) } }, clock);
  return createActivities({ platform, systems, ...clock, running }).quantum.keyAge({});
}

test('a key that is older than ninety days is faulty, with the command that starts its rotation; its value is not told', async () => {
  const [young, old] = [await keyAge(90), await keyAge(91)];
  assert.deepEqual([young.verdict, old.verdict], ['healthy', 'faulty']);
  assert.match(
    young.evidence,
    /^Secret nqba-platform\/nqba-secrets, key dynex-api-key, last written 90 days ago, at most 90 are allowed; the key itself may be older\.$/,
  );
  assert.match(
    old.evidence,
    /, last written 91 days ago, at most 90 are allowed; .* be older: runbooks start quantum-api-key-rotation\.$/,
  );
  assert.ok(!JSON.stringify([young, old]).includes(value.slice(4, 10)));
});

test('the bound is the platform’s; without a time the age is unknown', async () => {
  const { quantum } = aPlatform;
  assert.ok(quantum);
  const strict = { ...aPlatform, quantum: { ...quantum, key: { ...quantum.key, maxAgeDays: 30 } } };
  assert.equal((await keyAge(31, [owned], strict)).verdict, 'faulty');
  const timeless = await keyAge(91, []);
  assert.deepEqual([timeless.verdict, /does not say when it was written/.test(timeless.evidence)], ['unknown', true]);
});
