/** An access log that has no addresses, empty, null or left out: customers are judged all the same, and nothing by address. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nqbaApi } from '../../../lab/stand-ins/api.ts';
import { tokens } from '../../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn } from '../../../lab/world/customers.ts';
import type { World } from '../../../lab/world.ts';
import { createActivities } from '../../../activities/index.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';
import { during, noon } from './platform-api.ts';

/** @param address as the log has it in place of each */
function activitiesWith(address: string, trouble = during('abuse')) {
  const clock = virtualClock(noon);
  const memory = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => undefined };
  const customers = customersOn(memory, noon, trouble);
  const world: World = { pods: [], systems: [], api: [{ from: 0, wanted: 1, ready: 1, bad: 0, pods: ['a'] }], customers };
  const stand = nqbaApi(surroundings({ ...clock, state: () => 'healthy' }), () => world);
  const fetch = async (request: Request) => {
    const answer = await stand.fetch(request);
    if (!request.url.includes('/v1/access-log')) return answer;
    return new Response((await answer.text()).replaceAll(/"address":"[^"]*",/g, address));
  };
  const systems = connected({ operatorApi: { url: 'http://api', token: tokens.operator, fetch } }, clock);
  return createActivities({ platform: aPlatform, systems, ...clock, running });
}

for (const [how, address] of Object.entries({
  'left out': '',
  null: '"address":null,',
  empty: '"address":"",',
  wrong: '"address":"-",',
}))
  test(`addresses that are ${how}: traffic is counted by customer, and no rule about addresses hits`, async () => {
    const { gateway } = activitiesWith(address);
    const traffic = await gateway.traffic({});
    assert.equal(traffic.facts?.hasAddresses, false, traffic.evidence);
    assert.ok((traffic.facts?.calls ?? 0) > 0);
    const abuse = await gateway.abuse({ surface: 'api', freeze: 'abusive sources' });
    assert.deepEqual([abuse.facts?.hasAddresses, abuse.facts?.sources, abuse.frozen], [false, 0, undefined], abuse.evidence);
  });

test('failed logins without an address are no attack from one of them', async () => {
  const { access } = activitiesWith('', { ...during('spraying'), density: 20 });
  const { evidence } = await access.loginFailures({ before: new Date(noon - 600_000).toISOString() });
  assert.match(evidence, /Of the failed logins the largest of \d+ clients has/);
});
