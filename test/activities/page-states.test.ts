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

interface Set {
  state: State;
  rest: State;
  /** The REST API: `late` is after two and a half seconds. */
  answers: 'at once' | 'late' | 'never';
}

function paging({ token = 'practice' }: { token?: string | undefined } = {}) {
  const set: Set = { state: 'healthy', rest: 'healthy', answers: 'at once' };
  const messages: Message[] = [];
  const { sleep, now } = virtualClock();
  const waited = { ms: 0 };
  const clock = { sleep, now: () => now() + waited.ms };
  const state = () => set.state;
  const vendor = pagerduty(surroundings({ ...clock, state, record: message => messages.push(message) }));
  const unwell = pagerduty(surroundings({ ...clock, state: () => set.rest }));
  const fetch = (request: Request) => {
    if (new URL(request.url).pathname !== '/incidents') return vendor.fetch(request);
    if (set.answers === 'never') return new Promise<never>(() => undefined);
    if (set.answers === 'late') waited.ms += 2_500;
    return set.rest === 'healthy' ? vendor.fetch(request) : unwell.fetch(request);
  };
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

test('a REST API that never answers costs a page three seconds, and is not asked again after it', async () => {
  const { page, told, set, clock } = paging();
  set.answers = 'never';
  const unknown = 'what became of it is not known: PagerDuty cannot be reached: no answer within 3 s';
  for (const again of [undefined, 1]) {
    const before = clock.now();
    const { note, effect } = await page(again);
    assert.equal(effect.text, `Accepted; ${unknown}.`);
    if (again) assert.match(note, /What became of earlier pages is not known: PagerDuty cannot be reached/);
    assert.equal(clock.now() - before, 3_000);
  }
  assert.deepEqual(told(), [`${first} triggered`, `${first}/1 triggered`]);
});

test('a REST API that answers late is not asked for longer than a page may take', async () => {
  const { page, set, clock } = paging();
  Object.assign(set, { state: 'maintenance', answers: 'late' });
  const before = clock.now();
  const { effect } = await page();
  assert.match(effect.text, /^Accepted, not confirmed/);
  assert.ok(clock.now() - before <= 6_500, `${clock.now() - before} ms`);
});

test('without a token nothing is asked, and nothing is claimed', async () => {
  const { page, acknowledge, told } = paging({ token: '' });
  assert.equal((await page()).effect.text, 'Accepted; not yet read by anyone.');
  await acknowledge();
  assert.equal((await page(1)).acknowledgedBy, undefined);
  assert.ok(told().includes(`${first}/1 triggered`));
});
