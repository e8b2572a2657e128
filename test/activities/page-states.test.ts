// What became of an accepted page, and who has acknowledged it there: PagerDuty's stand-in is asked, and a second client acts in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagerduty } from '../../lab/stand-ins/pagerduty.ts';
import { idOf } from '../../lab/stand-ins/pagerduty/rest.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { State } from '../../lab/world/systems.ts';
import { activitiesWith, virtualClock } from './bare.ts';
import { done } from './outcomes.ts';

const first = 'run-1/PAGERDUTY_ROUTING_KEY';

function paging({ token = 'practice' }: { token?: string | undefined } = {}) {
  const set: { state: State; rest: State } = { state: 'healthy', rest: 'healthy' };
  const messages: Message[] = [];
  const clock = virtualClock();
  const state = () => set.state;
  const vendor = pagerduty(surroundings({ ...clock, state, record: message => messages.push(message) }));
  const unwell = pagerduty(surroundings({ ...clock, state: () => set.rest }));
  const fetch = (request: Request) =>
    new URL(request.url).pathname === '/incidents' && set.rest !== 'healthy' ? unwell.fetch(request) : vendor.fetch(request);
  const rest = token === '' ? undefined : { url: 'http://pagerduty', token };
  const { oncall } = activitiesWith(
    { pagerduty: { url: 'http://pagerduty', routingKeys: () => 'a'.repeat(32), rest, fetch } },
    clock,
  );
  const page = async (again?: number) => {
    const unlessAcknowledged = again === undefined ? undefined : (true as const);
    const key = again === undefined ? 'run-1/Notify Team/1' : `run-1/Paging/${again}`;
    return done(await oncall.page({ roles: ['primary'], ...(again && { again }), unlessAcknowledged }, { key }));
  };
  const ann = { authorization: 'Token token=ann', 'content-type': 'application/json', From: 'ann@nqba.example' };
  const acknowledge = async () => {
    const body = JSON.stringify({ incident: { type: 'incident_reference', status: 'acknowledged' } });
    const answer = await vendor.request(`/incidents/${idOf(first)}`, { method: 'PUT', headers: ann, body });
    assert.equal(answer.status, 200);
  };
  const told = () => messages.map(({ key, text }) => `${key.slice(0, 40)} ${text.split(' ')[0]}`);
  return { page, oncall, acknowledge, told, set, clock };
}

test('a page that PagerDuty has made an incident of is triggered', async () => {
  const { page } = paging();
  assert.equal((await page()).effect.text, 'Triggered in PagerDuty; not yet read by anyone.');
});

test('a page that a maintenance window has swallowed is accepted, not confirmed', async () => {
  const { page, set, clock } = paging();
  set.state = 'maintenance';
  const before = clock.now();
  const { effect } = await page();
  assert.match(effect.text, /^Accepted, not confirmed: PagerDuty has no incident of it\. Check its maintenance windows/);
  assert.ok(clock.now() - before < 5_000, 'the page waits for the answer for longer than a page may take');
  const next = await page(1);
  assert.match(next.note, /An earlier page was accepted, not confirmed/);
});

test('whoever acknowledged in PagerDuty while its webhook was lost has acknowledged: the next level is not paged', async () => {
  const { page, acknowledge, told } = paging();
  await page();
  await acknowledge();
  const { acknowledgedBy, note } = await page(1);
  assert.deepEqual([acknowledgedBy, note], ['Ann Lee', 'not sent: Ann Lee has acknowledged it in PagerDuty']);
  assert.deepEqual(told(), [`${first} triggered`]);
});

test('the next level is paged where no one has acknowledged', async () => {
  const { page, told } = paging();
  await page();
  const { acknowledgedBy, effect } = await page(1);
  assert.deepEqual([acknowledgedBy, effect.text], [undefined, 'Triggered in PagerDuty; not yet read by anyone.']);
  assert.deepEqual(told(), [`${first} triggered`, `${first}/1 triggered`]);
});

test('an acknowledgement of our own is not a person’s', async () => {
  const { page, oncall, told } = paging();
  await page();
  assert.deepEqual(await oncall.acknowledgePages({ incident: 'run-1' }), { pages: 1 });
  assert.equal((await page(1)).acknowledgedBy, undefined);
  assert.deepEqual(told(), [`${first} triggered`, `${first} acknowledged`, `${first}/1 triggered`]);
});

for (const state of ['down', 'unauthorised', 'refused', 'garbage'] as const)
  test(`a REST API that is ${state} keeps no one from being paged, and is named`, async () => {
    const { page, acknowledge, told, set } = paging();
    await page();
    await acknowledge();
    set.rest = state;
    const { acknowledgedBy, note, effect } = await page(1);
    assert.equal(acknowledgedBy, undefined);
    assert.match(note, /What became of earlier pages is not known: PagerDuty/);
    assert.match(effect.text, /^Accepted; what became of it is not known: PagerDuty/);
    assert.ok(told().includes(`${first}/1 triggered`));
  });

test('without a token nothing is asked, and nothing is claimed', async () => {
  const { page, acknowledge, told } = paging({ token: '' });
  assert.equal((await page()).effect.text, 'Accepted; not yet read by anyone.');
  await acknowledge();
  assert.equal((await page(1)).acknowledgedBy, undefined);
  assert.ok(told().includes(`${first}/1 triggered`));
});
