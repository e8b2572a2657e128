/** Outages, once each on real servers: of the platform, and of Dynex. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apiIsServed } from '../../../lab/scenarios/ground.ts';
import { begin } from '../../../lab/scenarios/bad-rollout.ts';
import { Tour } from '../../support/touring.ts';

let tour: Tour;
before(async () => {
  tour = await Tour.start(['p0-critical-incident-response']);
});
after(() => tour?.stop());

test('P0 - Critical Incident Response: a rollout that never becomes ready is rolled back to the revision that served', async () => {
  await begin(tour.ground, () => undefined);
  const since = new Date();
  const incident = await tour.alerted('PlatformUnavailable');
  const { outcome, standing } = await tour.closed(incident, { alert: 'PlatformUnavailable' });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  assert.deepEqual(await tour.written(since), ['deployments/nqba-api']);
  await apiIsServed(tour.ground);
});

test('Dynex Outage: jobs run on classical solvers until Dynex is measured as healthy', async () => {
  const since = new Date();
  await tour.platform.set('dynex', 'down');
  const incident = await tour.alerted('DynexHealthCheckFailed');
  const cause = await incident.asked('What is the cause?');
  await incident.decide(cause.id, 'Dynex Platform Issue', 'ann');
  await tour.platform.set('dynex', 'healthy');
  const { outcome, standing } = await tour.closed(incident, { alert: 'DynexHealthCheckFailed' });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  const fallback = ['configmaps/nqba-config', 'deployments/nqba-worker'];
  assert.deepEqual(await tour.written(since), [...fallback, ...fallback]);
});
