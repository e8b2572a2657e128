// The question about the cause names every faulty finding, whatever is proposed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dynexCause } from '../../../workflows/runbooks/dynex-outage/cause.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const change = { what: 'ConfigMap nqba-config', who: 'bob', at: '2026-11-24T02:56:00Z', minutesBefore: 4 };
const changes = { verdict: 'faulty', evidence: 'bob changed ConfigMap nqba-config 4 minutes before', facts: { change } } as const;
const status = { verdict: 'faulty', evidence: 'Major outage of the API' } as const;
const probe = { verdict: 'faulty', evidence: 'No probe reaches Dynex', facts: { inside: 'faulty', outside: 'faulty' } } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;

test('a change close before is named, though the vendor says that it is down', () => {
  const { proposed, why } = dynexCause({ status, changes, probe, key: unknown });
  assert.equal(proposed, 'Dynex Platform Issue');
  assert.equal(
    why,
    'Major outage of the API. Review Recent Changes is faulty: bob changed ConfigMap nqba-config 4 minutes before. Test Connectivity is faulty: No probe reaches Dynex.',
  );
});

test('a change close before is named where no written cause fits, and beside a refused key', () => {
  const key = { verdict: 'faulty', evidence: 'Dynex refuses the key', facts: { code: 403 } } as const;
  const none = dynexCause({ status: healthy, changes: { ...changes, facts: { change: null } }, probe: unknown, key: healthy });
  assert.equal(none.proposed, undefined);
  assert.match(none.why, /Review Recent Changes is faulty: bob changed/);
  const refused = dynexCause({ status: healthy, changes, probe: healthy, key });
  assert.equal(refused.proposed, 'Authentication Issue');
  assert.match(refused.why, /Review Recent Changes is faulty: bob changed/);
});

test('nothing is added where nothing else is faulty', () => {
  assert.equal(dynexCause({ status, changes: healthy, probe: healthy, key: healthy }).why, 'Major outage of the API');
});
