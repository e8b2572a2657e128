import assert from 'node:assert/strict';
import test from 'node:test';
import { incidentInUi, incidentsInUi } from '../../lab/guide/temporal-ui.ts';

const environment = { TEMPORAL_UI: 'http://127.0.0.1:8233', TEMPORAL_NAMESPACE: 'nqba-practice' };

test('the addresses of the Temporal UI that the guide prints lead to the namespace, and to the workflow in it', () => {
  const all = 'http://127.0.0.1:8233/namespaces/nqba-practice/workflows';
  assert.equal(incidentsInUi(environment), all);
  assert.equal(
    incidentInUi(environment, 'incident:dynex-outage:nqba-production'),
    `${all}/incident%3Adynex-outage%3Anqba-production`,
  );
});
