/** Dynex Service Outage where people open it before Dynex is measured as faulty. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import { done, effects, finding, minutes, planned, questionOf, rehearsal, threeAtNight } from '../../support/rehearsing.ts';

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
