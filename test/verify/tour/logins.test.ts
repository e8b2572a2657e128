/** Authentication Failures, once on real servers: alert, cause, the API restarts, recovery, closed. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tour } from '../../support/touring.ts';

let tour: Tour;
before(async () => {
  tour = await Tour.start(['authentication-failures']);
});
after(() => tour?.stop());

test('Authentication Failures: the API restarts, and logins are measured in every pod before it closes', async () => {
  const since = new Date();
  const answers = { 'What is the cause?': 'Service Issue' };
  const incident = await tour.alerted('LoginProbeFailed');
  const { outcome, standing } = await tour.closed(incident, { alert: 'LoginProbeFailed', answers });
  assert.deepEqual([outcome, standing], ['recovered', undefined]);
  const written = await tour.written(since);
  assert.deepEqual([...new Set(written)], ['deployments/nqba-api'], 'a second round restarts it once more, and nothing else');
});
