/** Dynex Service Outage: opened before Dynex is measured as faulty, and from its beginning to its end. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import {
  aDraftingStart,
  done,
  effects,
  finding,
  inputsOf,
  minutes,
  planned,
  questionOf,
  rehearsal,
  threeAtNight,
} from '../../support/rehearsing.ts';

test('a fallback that is not confirmed at first is set once it is, though Dynex is watched meanwhile', async () => {
  const fallback = 'Enable classical fallback immediately';
  const isFaulty = ({ at }: Attempt) => at >= threeAtNight + minutes(5);
  const rehearsed = await rehearsal({
    type: 'dynexServiceOutage',
    people: {},
    messages: [],
    atMost: minutes(30),
    takes: { 'Monitor fallback performance: Dynex': minutes(200) },
    world: {
      [fallback]: (attempt: Attempt) => (isFaulty(attempt) ? done() : planned('not confirmed')),
      rolloutStatus: finding('healthy'),
    },
  });
  assert.match(questionOf(rehearsed.report, fallback)?.withdrawn ?? '', /^confirmed: /);
  assert.equal(effects(rehearsed, 'setFallback').length > 1, true);
});

test('it is declared, the restarted workers are checked, and the public page and customers learn of the fault and of its end', async () => {
  const rehearsed = await rehearsal({
    type: 'dynexServiceOutage',
    args: [aDraftingStart()],
    people: { 'Gradual Rollback: 100%': 'approve' },
    world: { rolloutStatus: finding('healthy') },
  });
  const [declared] = effects(rehearsed, 'declareIncident').map(({ title }) => title);
  assert.equal(declared, 'Update status page: declared');
  assert.deepEqual(
    inputsOf<{ text: string }>(rehearsed, 'setStatusPage').map(({ text }) => text),
    ['degraded', 'quantum-fallback', 'dynex-resolved'],
  );
  assert.deepEqual(inputsOf(rehearsed, 'rolloutStatus'), [{ workload: 'worker' }]);
  assert.deepEqual(
    inputsOf<{ text: string }>(rehearsed, 'tellCustomers').map(({ text }) => text),
    ['investigating', 'dynex-resolved'],
  );
});
