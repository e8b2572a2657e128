/** The order of waiting jobs over a stand-in of the hub: one change for each incident, released without a question, and left to people where the platform offers none. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import type { State } from '../../../lab/world/systems.ts';
import { activitiesWith, virtualClock } from '../bare.ts';
import { because, done } from '../outcomes.ts';

const hold = { metadata: { name: 'nqba-runbooks' }, data: { 'mode.dynex-outage': 'supervised' } };
const key = (step: string) => ({ key: `run-1/${step}/1` });
const shown = z.looseObject({ classes: z.array(z.string()) });
const pressing = ['urgent', 'high'];

function hubIn(state: State = 'healthy') {
  const clock = virtualClock();
  const { fetch } = nqbaApi(surroundings({ ...clock, state: () => state }), () => ({ pods: [], systems: [] }));
  const connections = { kubernetes: { fetch: () => Response.json(hold) }, api: { url: 'http://api', fetch } };
  const order = async (body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = body && { method: 'PUT', headers, body: JSON.stringify(body) };
    const answer = await fetch(new Request('http://api/api/v1/qih/order', init));
    return shown.parse(await answer.json());
  };
  return { ...activitiesWith(connections, clock), order };
}

test('an incident that orders twice has one change, which it releases without a question about itself', async () => {
  const { quantum, order } = hubIn();
  const before = await order();
  const first = done(await quantum.prioritizeJobs({ classes: pressing }, key('Prioritize Critical Jobs')));
  assert.equal(first.effect.measured, 'whole');
  const second = done(await quantum.prioritizeJobs({ classes: pressing, hold: ['low'] }, key('Implement job prioritization')));
  assert.deepEqual([second.effect.measured, second.takeBack?.key], ['whole', first.takeBack?.key]);
  assert.deepEqual(await order(), { classes: pressing, hold: ['low'] });
  const released = done(await quantum.prioritizeJobs({ classes: [] }, key('Released')));
  assert.deepEqual([released.takeBack, await order()], [undefined, { ...before, hold: [] }]);
  assert.match(done(await quantum.prioritizeJobs({ classes: [] }, key('Released again'))).note, /nothing was changed/);
});

test('an order that someone else has set since is asked about', async () => {
  const { quantum, order } = hubIn();
  done(await quantum.prioritizeJobs({ classes: pressing }, key('Prioritize Critical Jobs')));
  await order({ classes: ['low'] });
  assert.equal(because(await quantum.prioritizeJobs({ classes: [] }, key('Released'))), 'approval');
});

test('a platform that does not offer it gets the call to paste, and nothing waits', async () => {
  const outcome = await hubIn('unsupported').quantum.prioritizeJobs({ classes: pressing }, key('Prioritize Critical Jobs'));
  assert.ok('byHand' in outcome, JSON.stringify(outcome));
  assert.match(outcome.byHand.paste, /-X PUT .*\/api\/v1\/qih\/order.*"classes":\["urgent","high"\]/);
  assert.match(outcome.byHand.because ?? '', /does not offer PUT|does not offer GET/);
});
