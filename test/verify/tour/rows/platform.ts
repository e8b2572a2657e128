/** Incidents of the platform itself: its API, and logins. */

import { apiIsServed, asked, outsideProbe, until } from '../../../../lab/scenarios/ground.ts';
import { begin } from '../../../../lab/scenarios/bad-rollout.ts';
import type { Following } from '../../../../lab/guide/following.ts';
import { setCustomers } from '../../../support/operating.ts';
import type { Tour } from '../../../support/touring.ts';
import { asks, callsWithin, isSettled, type Row, searched } from './row.ts';

const attempts = 'sum(increase(nqba_auth_attempts_total[10s]))';
const failed = 'sum(increase(nqba_auth_attempts_total{result="failed"}[10s]))';

/** Settings are written again while the API is away; its restart helps, but for an attack, which ends at the edge. */
const logins: Row = {
  runbook: 'authentication-failures',
  async isOver({ platform: { environment }, ground }) {
    const { NQBA_API_URL, NQBA_SYNTHETIC_EMAIL: email, NQBA_SYNTHETIC_PASSWORD: password } = environment;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ email, password });
    const login = await fetch(`${NQBA_API_URL}/api/v1/auth/login`, { method: 'POST', headers, body });
    return login.ok && (await asked(ground, `(${failed} or vector(0)) / ${attempts}`)) < 0.15;
  },
  async run(tour) {
    const incident = await tour.alerted('LoginProbeFailed');
    const answers = await searched(tour, incident, [
      { cause: 'Configuration Issue', after: () => apiGoes(tour, incident) },
      {
        cause: 'Service Issue',
        before: () => tour.platform.set('api', 'healthy'),
        after: () => setCustomers(tour.platform, { trouble: 'stuffing' }),
      },
      { cause: 'Brute Force Attack' },
    ]);
    await tour.answering(incident, isSettled('Implement IP blocking'), answers);
    const ofAttack = async () => (await callsWithin(tour, 3_000)).filter(({ address }) => address.startsWith('203.0.113.6'));
    await until('no attempt of the attack comes to the API', async () => (await ofAttack()).length === 0);
    // Whoever is refused gives up; people restore the edge once recovery is measured.
    await tour.answering(incident, asks('Changes of this incident still stand'), answers);
    await setCustomers(tour.platform, { trouble: 'quiet' });
    return tour.closed(incident, { alert: 'LoginProbeFailed', answers });
  },
};

async function apiGoes(tour: Tour, incident: Following) {
  await tour.answering(incident, isSettled('Check password policies'));
  await tour.platform.set('api', 'down');
}

/** A rollout that never becomes ready is rolled back to the revision that served, which has too few pods, while Dynex is out of order too. */
const p0: Row = {
  runbook: 'p0-critical-incident-response',
  isOver: async tour => (await outsideProbe(tour.ground)) === 1,
  async run(tour) {
    await tour.platform.set('dynex', 'down');
    tour.metrics.load('api');
    await begin(tour.ground, () => undefined);
    const incident = await tour.alerted('PlatformUnavailable');
    await tour.answering(incident, isSettled('Enable quantum fallback if Dynex is down'));
    await tour.answering(incident, isSettled('Scale up if performance issue'));
    tour.metrics.load(undefined);
    await tour.platform.set('dynex', 'healthy');
    await tour.closed(incident, { alert: 'PlatformUnavailable' });
    await apiIsServed(tour.ground);
    return incident;
  },
};

export const platform: Row[] = [logins, p0];
